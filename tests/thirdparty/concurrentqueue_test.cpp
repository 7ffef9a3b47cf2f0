// moodycamel's ConcurrentQueue of many producers and consumers.
#include "as_without_sanitizer.hpp"

#include <concurrentqueue/blockingconcurrentqueue.h>
#include <concurrentqueue/concurrentqueue.h>

#include "queues.hpp"

namespace shipped {
namespace {

/// Everything small, so that blocks are filled, emptied and used again by few items.
struct Small : moodycamel::ConcurrentQueueDefaultTraits {
  static constexpr std::size_t BLOCK_SIZE = 2;
  static constexpr std::size_t EXPLICIT_INITIAL_INDEX_SIZE = 2;
  static constexpr std::size_t IMPLICIT_INITIAL_INDEX_SIZE = 2;
  static constexpr std::size_t INITIAL_IMPLICIT_PRODUCER_HASH_SIZE = 4;
  static constexpr int MAX_SEMA_SPINS = 1;
};

struct ManyToMany {
  bool put(Item item) { return queue_.enqueue(item); }
  bool take(Item& item) { return queue_.try_dequeue(item); }
  moodycamel::ConcurrentQueue<Item, Small> queue_{2};
};

TEST(ConcurrentQueue, LosesNothing) {
  EXPECT_TRUE(passes(two_put<ManyToMany>));
  EXPECT_TRUE((passes(one_looks_for_one<ManyToMany, 1>)));
  EXPECT_TRUE((passes(one_looks_for_one<ManyToMany, 2>)));
  EXPECT_TRUE(passes(two_take<ManyToMany>));
  EXPECT_TRUE(passes(each_puts_and_takes<ManyToMany>));
  EXPECT_TRUE(passes(two_put_and_one_takes<ManyToMany>));
}

void with_tokens() {
  moodycamel::ConcurrentQueue<Item, Small> queue(4);
  std::array<Parcel, 3> parcels;
  int last = 0;
  in_threads(
      [&] {
        moodycamel::ProducerToken token(queue);
        for (int i = 0; i < 3; ++i) {
          parcels[i].content_ = i + 1;
          require(queue.enqueue(token, &parcels[i]));
        }
      },
      [&] {
        moodycamel::ConsumerToken token(queue);
        for (int i = 0; i < 2; ++i) {
          Item item = nullptr;
          if (queue.try_dequeue(token, item)) require(item->content_ == ++last);
        }
      });
  Item item = nullptr;
  while (queue.try_dequeue(item)) require(item->content_ == ++last);
  require(last == 3);
}
TEST(ConcurrentQueue, KeepsTheOrderOfAProducerWithAToken) { EXPECT_TRUE(passes(with_tokens)); }

void in_bulk() {
  moodycamel::ConcurrentQueue<Item, Small> queue(4);
  std::array<Parcel, 3> parcels{Parcel(1), Parcel(2), Parcel(3)};
  int last = 0;
  in_threads(
      [&] {
        const std::array<Item, 3> items{&parcels[0], &parcels[1], &parcels[2]};
        require(queue.enqueue_bulk(items.begin(), items.size()));
      },
      [&] {
        std::array<Item, 2> items;
        const std::size_t got = queue.try_dequeue_bulk(items.begin(), items.size());
        for (std::size_t i = 0; i < got; ++i) require(items[i]->content_ == ++last);
      });
  Item item = nullptr;
  while (queue.try_dequeue(item)) require(item->content_ == ++last);
  require(last == 3);
}
TEST(ConcurrentQueue, TakesInBulk) { EXPECT_TRUE(passes(in_bulk)); }

void blocking_many() {
  moodycamel::BlockingConcurrentQueue<Item, Small> queue(2);
  Parcel one;
  in_threads(
      [&] {
        one.content_ = 1;
        require(queue.enqueue(&one));
      },
      [&] {
        Item item = nullptr;
        queue.wait_dequeue(item);
        require(item->content_ == 1);
      });
}
TEST(BlockingConcurrentQueue, Waits) { EXPECT_TRUE(passes(blocking_many)); }

}  // namespace
}  // namespace shipped
