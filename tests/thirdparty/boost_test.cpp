// Boost.Lockfree, and the reference counts of Boost.SmartPtr.
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <boost/lockfree/stack.hpp>
#include <boost/smart_ptr/detail/spinlock.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <boost/smart_ptr/shared_ptr.hpp>
#include <boost/smart_ptr/weak_ptr.hpp>

#include "queues.hpp"

namespace shipped {
namespace {

struct Ring {
  bool put(Item item) { return queue_.push(item); }
  bool take(Item& item) { return queue_.pop(item); }
  boost::lockfree::spsc_queue<Item, boost::lockfree::capacity<2>> queue_;
};
TEST(BoostSpscQueue, KeepsTheOrder) {
  EXPECT_TRUE((passes(one_looks_for_one<Ring, 2>)));
  EXPECT_TRUE((passes(one_to_one<Ring, 3>)));
}

struct FixedQueue {
  bool put(Item item) { return queue_.push(item); }
  bool take(Item& item) { return queue_.pop(item); }
  boost::lockfree::queue<Item, boost::lockfree::capacity<2>> queue_;
};
struct NodeQueue {
  bool put(Item item) { return queue_.push(item); }
  bool take(Item& item) { return queue_.pop(item); }
  boost::lockfree::queue<Item> queue_{0};  // nodes by new
};
TEST(BoostQueue, LosesNothing) {
  EXPECT_TRUE(passes(two_put<NodeQueue>));
  EXPECT_TRUE((passes(one_looks_for_one<FixedQueue, 1>)));
  EXPECT_TRUE((passes(one_looks_for_one<NodeQueue, 2>)));
}

// By the letter: a node given back is used again while another still reads its `next`, a plain one in the list of free
// nodes. What was read is thrown away, because the tag beside the pointer that was read first has changed.
TEST(BoostQueue, ReadsNodesThatAreNotTheReadersAnyMore) {
  EXPECT_TRUE(fails(Wrong::data_race, two_put<FixedQueue>, {"queue_.push"}));
  EXPECT_TRUE(fails(Wrong::data_race, two_take<FixedQueue>, {"queue_.pop"}));
  EXPECT_TRUE(fails(Wrong::data_race, two_take<NodeQueue>, {"queue_.pop"}));
  EXPECT_TRUE(fails(Wrong::data_race, each_puts_and_takes<NodeQueue>, {"queue_.pop"}));
}

struct FixedStack {
  bool put(Item item) { return stack_.push(item); }
  bool take(Item& item) { return stack_.pop(item); }
  boost::lockfree::stack<Item, boost::lockfree::capacity<2>> stack_;
};
struct NodeStack {
  bool put(Item item) { return stack_.push(item); }
  bool take(Item& item) { return stack_.pop(item); }
  boost::lockfree::stack<Item> stack_{0};  // nodes by new
};
TEST(BoostStack, LosesNothing) {
  EXPECT_TRUE(passes(two_put<NodeStack>));
  EXPECT_TRUE((passes(one_looks_for_one<FixedStack, 1>)));
}

// As BoostQueue.ReadsNodesThatAreNotTheReadersAnyMore.
TEST(BoostStack, ReadsNodesThatAreNotTheReadersAnyMore) {
  EXPECT_TRUE(fails(Wrong::data_race, two_put<FixedStack>, {"stack_.push"}));
  EXPECT_TRUE(fails(Wrong::data_race, two_take<FixedStack>, {"stack_.pop"}));
  EXPECT_TRUE(fails(Wrong::data_race, two_take<NodeStack>, {"stack_.pop"}));
  EXPECT_TRUE(fails(Wrong::data_race, each_puts_and_takes<NodeStack>, {"stack_."}));
}

void spinlock_excludes() {
  boost::detail::spinlock lock = BOOST_DETAIL_SPINLOCK_INIT;
  int count = 0;
  const auto body = [&] {
    const boost::detail::spinlock::scoped_lock guard(lock);
    ++count;
  };
  in_threads(body, body);
  require(count == 2);
}
// It counts how often it has looked, and so never comes back to where it was.
TEST(BoostSpinlock, Excludes) { EXPECT_TRUE(finds_nothing(spinlock_excludes, up_to_events(100))); }

struct Object : boost::intrusive_ref_counter<Object> {
  explicit Object(int& destroyed) : destroyed_(destroyed) {}
  ~Object() { ++destroyed_; }
  int value_ = 0;
  int& destroyed_;
};

Options with_leaks() {
  Options options = to_the_end();
  options.find_leaks = true;
  return options;
}

void last_intrusive() {
  int destroyed = 0;
  {
    boost::intrusive_ptr<Object> mine(new Object(destroyed));
    in_threads([copy = mine]() mutable { copy.reset(); },
               [&, copy = mine]() mutable {
                 require(copy->value_ == 0);
                 const boost::intrusive_ptr<Object> other = copy;
               });
  }
  require(destroyed == 1);
}
TEST(BoostIntrusivePtr, IsDestroyedOnce) { EXPECT_TRUE(passes(last_intrusive, with_leaks())); }

void weak_and_last() {
  int destroyed = 0;
  boost::shared_ptr<Object> shared(new Object(destroyed));
  boost::weak_ptr<Object> weak = shared;
  in_threads(
      [&] {
        shared->value_ = 1;
        shared.reset();
      },
      [&] {
        if (const auto locked = weak.lock()) require(locked.use_count() >= 1);
      });
  require(destroyed == 1 && weak.expired());
}
TEST(BoostSharedPtr, IsLockedByAWeakOneOrGone) { EXPECT_TRUE(passes(weak_and_last, with_leaks())); }

}  // namespace
}  // namespace shipped
