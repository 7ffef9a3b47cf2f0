// libcds as far as it is in headers and needs no garbage collection: two rings and a spin lock.
#include "as_without_sanitizer.hpp"

#include <cds/container/vyukov_mpmc_cycle_queue.h>
#include <cds/container/weak_ringbuffer.h>
#include <cds/sync/spinlock.h>

#include "queues.hpp"

namespace shipped {
namespace {

struct Vyukov {
  bool put(Item item) { return queue_.enqueue(item); }
  bool take(Item& item) { return queue_.dequeue(item); }
  cds::container::VyukovMPMCCycleQueue<Item> queue_{4};
};
TEST(CdsVyukovQueue, LosesNothing) {
  EXPECT_TRUE(passes(two_put<Vyukov>));
  EXPECT_TRUE((passes(one_looks_for_one<Vyukov, 2>)));
  EXPECT_TRUE(passes(two_take<Vyukov>));
  EXPECT_TRUE(passes(each_puts_and_takes<Vyukov>));
}
TEST(LongCdsVyukovQueue, LosesNothing) { EXPECT_TRUE(passes(two_put_and_one_takes<Vyukov>)); }

struct Ring {
  bool put(Item item) { return queue_.push(item); }
  bool take(Item& item) { return queue_.pop(item); }
  cds::container::WeakRingBuffer<Item> queue_{4};
};
TEST(CdsWeakRingBuffer, KeepsTheOrder) {
  EXPECT_TRUE((passes(one_looks_for_one<Ring, 2>)));
  EXPECT_TRUE((passes(one_looks_for_one<Ring, 3>)));
}

void spin_excludes() {
  cds::sync::spin lock;
  int count = 0;
  const auto body = [&] {
    lock.lock();
    ++count;
    lock.unlock();
  };
  in_threads(body, body);
  require(count == 2);
}
// By the letter, and with assertions only: lock() asserts that the caller is not the owner, who is named in a plain
// member, before it has the lock.
TEST(CdsSpinLock, LooksAtItsOwnerTooEarly) {
  EXPECT_TRUE(fails(Wrong::data_race, spin_excludes, {"lock.lock()"}));
}

}  // namespace
}  // namespace shipped
