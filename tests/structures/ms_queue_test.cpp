#include "ms_queue.hpp"

#include <gtest/gtest.h>

#include "scenario.hpp"

namespace structures {
namespace {

template <class Orders>
void two_enqueue() {
  MsQueue<Orders> queue;
  in_threads([&] { queue.enqueue(1); }, [&] { queue.enqueue(2); });
  const int first = queue.dequeue(), second = queue.dequeue();
  require(first + second == 3 && first * second == 2 && queue.dequeue() == 0);
}

template <class Orders>
void one_enqueues_and_one_dequeues() {
  MsQueue<Orders> queue;
  int got = 0;
  in_threads([&] { queue.enqueue(1); }, [&] { got = queue.dequeue(); });
  require((got == 1) != (queue.dequeue() == 1));
}

template <class Orders>
void two_dequeue() {
  MsQueue<Orders> queue;
  queue.enqueue(1);
  int here = 0, there = 0;
  in_threads([&] { here = queue.dequeue(); }, [&] { there = queue.dequeue(); });
  require(here + there == 1);
}

template <class Orders>
void one_enqueues_and_two_dequeue() {
  MsQueue<Orders> queue;
  int here = 0, there = 0;
  in_threads([&] { queue.enqueue(1); }, [&] { here = queue.dequeue(); },
             [&] { there = queue.dequeue(); });
  require(here + there + queue.dequeue() == 1);
}

void two_in_order() {
  MsQueue<> queue;
  int first = 0, second = 0;
  in_threads(
      [&] {
        queue.enqueue(1);
        queue.enqueue(2);
      },
      [&] {
        first = queue.dequeue();
        second = queue.dequeue();
      });
  require(first == 0 || first == 1);
  require(second == 0 || second == first + 1);
}

void two_and_two() {
  MsQueue<> queue;
  int here = 0, there = 0;
  in_threads(
      [&] {
        queue.enqueue(1);
        here = queue.dequeue();
      },
      [&] {
        queue.enqueue(2);
        there = queue.dequeue();
      });
  require(here + there == 3 && here * there == 2);
}

TEST(MsQueue, LosesNothingOfTwoEnqueues) { EXPECT_TRUE(passes(two_enqueue<MsOrders>)); }
TEST(MsQueue, GivesWhatWasEnqueued) {
  EXPECT_TRUE(passes(one_enqueues_and_one_dequeues<MsOrders>));
}
TEST(MsQueue, GivesOneToOneOfTwo) { EXPECT_TRUE(passes(two_dequeue<MsOrders>)); }
TEST(MsQueue, GivesOneToOneOfTwoWhenItComes) {
  EXPECT_TRUE(passes(one_enqueues_and_two_dequeue<MsOrders>));
}
TEST(MsQueue, KeepsTheOrder) { EXPECT_TRUE(passes(two_in_order)); }
TEST(MsQueue, IsNotEmptyForWhoHasJustEnqueued) { EXPECT_TRUE(passes(two_and_two)); }

struct LinkRelaxed : MsOrders {
  static constexpr auto link = relaxed;
};

// T1 links its node, and has not yet swung the tail. T2 finds the node by its link, swings the tail
// itself, and so reads a value that nothing has ordered before. (Were the tail swung by T1, T2
// would acquire from that.)
TEST(MsQueue, LinkMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, one_enqueues_and_one_dequeues<LinkRelaxed>));
}

struct FollowRelaxed : MsOrders {
  static constexpr auto follow = relaxed;
};

// The same from the other side.
TEST(MsQueue, FollowMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::data_race, one_enqueues_and_one_dequeues<FollowRelaxed>));
}

struct SwingRelaxed : MsOrders {
  static constexpr auto swing = relaxed;
};

// T2 finds T1's node in the tail, and looks at its successor, which was initialized by nothing that
// T2 has acquired.
TEST(MsQueue, SwingMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, two_enqueue<SwingRelaxed>));
}

struct LookAtTailRelaxed : MsOrders {
  static constexpr auto look_at_tail = relaxed;
};

// The same from the other side.
TEST(MsQueue, LookAtTailMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::data_race, two_enqueue<LookAtTailRelaxed>));
}

struct AdvanceRelaxed : MsOrders {
  static constexpr auto advance = relaxed;
};

// T1 enqueues. T2 dequeues: T1's node is at the head now. T3 finds it there, while the tail that it
// sees is old, and looks at its successor, which was initialized by nothing that T3 has acquired.
TEST(MsQueue, AdvanceMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, one_enqueues_and_two_dequeue<AdvanceRelaxed>));
}

struct LookAtHeadRelaxed : MsOrders {
  static constexpr auto look_at_head = relaxed;
};

// The same from the other side.
TEST(MsQueue, LookAtHeadMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::data_race, one_enqueues_and_two_dequeue<LookAtHeadRelaxed>));
}

struct LooksThenLinks : MsOrders {
  static constexpr bool links_at_once = false;
};

// Both find that the dummy is the last, both link to it: one of the nodes is lost.
TEST(MsQueue, MustLookAndLinkAtOnce) {
  EXPECT_TRUE(is_refused(Wrong::requirement, two_enqueue<LooksThenLinks>));
  EXPECT_TRUE(is_refused(Wrong::requirement, two_enqueue<LooksThenLinks>, MemoryModel::sc));
}

struct LooksThenAdvances : MsOrders {
  static constexpr bool advances_at_once = false;
};

// Both find the same node first.
TEST(MsQueue, MustLookAndAdvanceAtOnce) {
  EXPECT_TRUE(is_refused(Wrong::requirement, two_dequeue<LooksThenAdvances>));
  EXPECT_TRUE(is_refused(Wrong::requirement, two_dequeue<LooksThenAdvances>, MemoryModel::sc));
}

}  // namespace
}  // namespace structures
