// atomic_queue: rings of atomic elements (AtomicQueue), and of any (AtomicQueue2).
#include <atomic_queue/atomic_queue.h>
#include <atomic_queue/spinlock.h>

#include "queues.hpp"

namespace shipped {
namespace {

template <bool is_spsc>
struct OfAny {
  bool put(Item item) { return queue_.try_push(item); }
  bool take(Item& item) { return queue_.try_pop(item); }
  atomic_queue::AtomicQueue2<Item, 4, false, true, false, is_spsc> queue_;
};
template <bool is_spsc>
struct OfAtomics {
  bool put(Item item) { return queue_.try_push(item); }
  bool take(Item& item) { return queue_.try_pop(item); }
  atomic_queue::AtomicQueue<Item, 4, nullptr, false, true, false, is_spsc> queue_;
};

TEST(AtomicQueue2, OfOneProducerAndOneConsumerKeepsTheOrder) {
  EXPECT_TRUE((passes(one_looks_for_one<OfAny<true>, 2>)));
  EXPECT_TRUE((passes(one_to_one<OfAny<true>, 3>)));
}
TEST(AtomicQueue2, LosesNothing) {
  EXPECT_TRUE(passes(two_put<OfAny<false>>));
  EXPECT_TRUE((passes(one_looks_for_one<OfAny<false>, 2>)));
  EXPECT_TRUE(passes(two_take<OfAny<false>>));
  EXPECT_TRUE(passes(each_puts_and_takes<OfAny<false>>));
  EXPECT_TRUE(passes(two_put_and_one_takes<OfAny<false>>));
}

TEST(AtomicQueue, LosesNothing) {
  EXPECT_TRUE(passes(two_put<OfAtomics<false>>));
  EXPECT_TRUE(passes(two_take<OfAtomics<false>>));
}
TEST(AtomicQueue, DoesNotShowWhatItsElementsPointTo) {
  EXPECT_TRUE((fails(Wrong::data_race, one_looks_for_one<OfAtomics<true>, 2>, {})));
  EXPECT_TRUE((fails(Wrong::data_race, one_looks_for_one<OfAtomics<false>, 2>, {})));
}

/// The numbers alone, which are in the atomic elements themselves.
template <bool is_spsc>
void numbers() {
  atomic_queue::AtomicQueue<int, 2, 0, false, true, false, is_spsc> queue;
  int last = 0;
  in_threads([&] { require(queue.try_push(1) && queue.try_push(2)); },
             [&] {
               for (int i = 0; i < 2; ++i) {
                 int got = 0;
                 if (queue.try_pop(got)) require(got == ++last);
               }
             });
  int got = 0;
  while (queue.try_pop(got)) require(got == ++last);
  require(last == 2);
}
TEST(AtomicQueue, KeepsTheOrderOfNumbers) {
  EXPECT_TRUE(passes(numbers<true>));
  EXPECT_TRUE(passes(numbers<false>));
}

template <class Lock>
void lock_excludes() {
  Lock lock;
  int count = 0;
  const auto body = [&] {
    const typename Lock::scoped_lock guard(lock);
    ++count;
  };
  in_threads(body, body, body);
  require(count == 3);
}
TEST(AtomicQueueLocks, Exclude) {
  EXPECT_TRUE(passes(lock_excludes<atomic_queue::Spinlock>));
  EXPECT_TRUE(passes(lock_excludes<atomic_queue::TicketSpinlock>));
}

}  // namespace
}  // namespace shipped
