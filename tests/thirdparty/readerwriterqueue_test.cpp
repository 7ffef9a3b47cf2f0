// moodycamel's queues of one producer and one consumer: of blocks that grow, and a ring; each also with waiting.
#include "as_without_sanitizer.hpp"

#include <readerwriterqueue/readerwritercircularbuffer.h>
#include <readerwriterqueue/readerwriterqueue.h>

#include "queues.hpp"

namespace shipped {
namespace {

/// Blocks of two (one is kept free), of which there may be more and more.
struct OneToOne {
  bool put(Item item) { return queue_.enqueue(item); }
  bool take(Item& item) { return queue_.try_dequeue(item); }
  moodycamel::ReaderWriterQueue<Item, 2> queue_{1};
};

TEST(ReaderWriterQueue, KeepsTheOrder) {
  EXPECT_TRUE((passes(one_looks_for_one<OneToOne, 2>)));
  EXPECT_TRUE((passes(one_looks_for_one<OneToOne, 3>)));
}

void blocking_hand_over() {
  moodycamel::BlockingReaderWriterQueue<Item, 2> queue(1);
  Parcel one, two;
  in_threads(
      [&] {
        one.content_ = 1;
        require(queue.enqueue(&one));
        two.content_ = 2;
        require(queue.enqueue(&two));
      },
      [&] {
        Item item = nullptr;
        queue.wait_dequeue(item);
        require(item->content_ == 1);
        queue.wait_dequeue(item);
        require(item->content_ == 2);
      });
}
// It looks 1,024 times before it sleeps, so there is no end to all the ways.
TEST(BlockingReaderWriterQueue, WaitsAndKeepsTheOrder) {
  Options options = at_random(1'000);
  options.max_events = 20'000;
  EXPECT_TRUE(finds_nothing(blocking_hand_over, options));
}

void circular_hand_over() {
  moodycamel::BlockingReaderWriterCircularBuffer<Item> queue(1);
  Parcel one(1), two(2);
  in_threads([&] { require(queue.try_enqueue(&one)); },
             [&] {
               Item item = nullptr;
               if (queue.try_dequeue(item)) require(item == &one);
             });
}
TEST(ReaderWriterCircularBuffer, HandsOver) { EXPECT_TRUE(passes(circular_hand_over)); }

}  // namespace
}  // namespace shipped
