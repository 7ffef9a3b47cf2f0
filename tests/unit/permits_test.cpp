// Specifies wait/permits.hpp, the permits under Lock, RLock and the semaphores, as far as those do
// not show it: waiters that are no threads (suspended coroutines, one day) are handed their
// permits; they and threads are served in one order; and nobody starves.

#include "lockstep/wait/permits.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <stop_token>
#include <thread>
#include <vector>

#include "lockstep/wait/deadline.hpp"
#include "lockstep/wait/waiter.hpp"
#include "note.hpp"
#include "threads.hpp"

namespace {

using namespace std::chrono_literals;
using lockstep::test::BlockedThread;
using lockstep::test::Note;
using lockstep::test::sanitized;
using lockstep::wait::Deadline;
using lockstep::wait::Fate;
using lockstep::wait::Permits;
using lockstep::wait::ThreadWaiter;
using lockstep::wait::WaitList;

constexpr std::int64_t no_limit = Permits::max;

/// A waiter that cannot try for itself, as a coroutine cannot while it is suspended.
struct Suspended : Note {
  Suspended() { want_hand_over(); }
};

/// Queues `waiters` as Condition::notify does.
template <class... Waiters>
void adopt(Permits& permits, Waiters&... waiters) {
  WaitList list;
  (list.push_back(waiters), ...);
  permits.adopt(list);
}

void take(Permits& permits) { EXPECT_TRUE(permits.take(Deadline::never(), {})); }

/// Was `thread`, which is in the test's hands, woken to retry?
bool is_woken(ThreadWaiter& thread) {
  Deadline past = Deadline::after(-1s);
  return thread.park(past) == Fate::retry;
}

// Counting

TEST(Permits, AreTakenOneByOneUntilThereAreNone) {
  Permits permits{2};
  EXPECT_TRUE(permits.try_take());
  EXPECT_EQ(permits.free(), 1);
  EXPECT_TRUE(permits.try_take());
  EXPECT_FALSE(permits.try_take());
  EXPECT_EQ(permits.free(), 0);
}

TEST(Permits, MoreThanTheLimitAreNotGiven) {
  Permits permits{1};
  EXPECT_FALSE(permits.give(3, 3));
  EXPECT_EQ(permits.free(), 1);
  EXPECT_TRUE(permits.give(2, 3));
  EXPECT_EQ(permits.free(), 3);
}

TEST(Permits, TheGreatestNumberIsCountedExactly) {
  Permits permits{Permits::max};
  EXPECT_EQ(permits.free(), Permits::max);
  EXPECT_FALSE(permits.give(1, Permits::max));
  EXPECT_TRUE(permits.try_take());
  EXPECT_TRUE(permits.give(1, Permits::max));
  EXPECT_EQ(permits.free(), Permits::max);
}

// Threads on the way: woken, and not yet back

TEST(Permits, AsManyThreadsAreWokenAsThereArePermits) {
  Permits permits{0};
  ThreadWaiter first;
  ThreadWaiter second;
  adopt(permits, first, second);
  EXPECT_TRUE(permits.give(1, no_limit));
  EXPECT_TRUE(is_woken(first));
  EXPECT_FALSE(is_woken(second));
  EXPECT_EQ(permits.free(), 1) << "a newcomer may have it";
  EXPECT_TRUE(permits.try_take());
  EXPECT_TRUE(permits.give(1, no_limit));
  EXPECT_FALSE(is_woken(second)) << "the first is still on its way";
  EXPECT_TRUE(permits.give(1, no_limit));
  EXPECT_TRUE(is_woken(second));

  permits.take_adopted(first, Fate::retry);
  permits.take_adopted(second, Fate::retry);
  EXPECT_EQ(permits.free(), 0);
}

TEST(Permits, TheLimitHoldsWhileSomebodyIsOnTheWay) {  // BS2
  Permits permits{0};
  ThreadWaiter first;
  ThreadWaiter second;
  adopt(permits, first, second);
  EXPECT_TRUE(permits.give(1, 2));
  EXPECT_FALSE(permits.give(2, 2));
  EXPECT_EQ(permits.free(), 1);
  EXPECT_FALSE(is_woken(second));
  EXPECT_TRUE(permits.give(1, 2));
  EXPECT_TRUE(is_woken(second));

  permits.take_adopted(first, Fate::retry);
  permits.take_adopted(second, Fate::retry);
}

// Waiters that are no threads

TEST(Permits, OneThatCannotRetryIsHandedThePermit) {
  Permits permits{0};
  Suspended suspended;
  adopt(permits, suspended);
  EXPECT_EQ(suspended.wakes, 0);
  EXPECT_TRUE(permits.give(1, no_limit));
  EXPECT_EQ(suspended.fate, Fate::granted);
  EXPECT_EQ(permits.free(), 0) << "it has it already: nobody may take it from under it";
  EXPECT_FALSE(permits.try_take());
}

TEST(Permits, FreePermitsGoToThoseThatAreAdopted) {
  Permits permits{2};
  Suspended first;
  Suspended second;
  Suspended third;
  adopt(permits, first, second, third);
  EXPECT_EQ(first.fate, Fate::granted);
  EXPECT_EQ(second.fate, Fate::granted);
  EXPECT_EQ(third.fate, Fate::undecided);
  EXPECT_EQ(permits.free(), 0);
  EXPECT_TRUE(permits.give(1, no_limit));
  EXPECT_EQ(third.fate, Fate::granted);
}

TEST(Permits, EachOfThoseGivenAtOnceGoesToAnother) {
  Permits permits{0};
  std::array<Suspended, 5> suspended;
  for (Suspended& one : suspended) adopt(permits, one);
  EXPECT_TRUE(permits.give(3, no_limit));
  for (std::size_t i = 0; i < suspended.size(); ++i) {
    EXPECT_EQ(suspended[i].fate, i < 3 ? Fate::granted : Fate::undecided) << i;
  }
  EXPECT_TRUE(permits.give(3, no_limit));
  for (const Suspended& one : suspended) {
    EXPECT_EQ(one.fate, Fate::granted);
    EXPECT_EQ(one.wakes, 1);
  }
  EXPECT_EQ(permits.free(), 1) << "what nobody waits for stays";
}

TEST(Permits, ThreadsAndOthersAreServedInOneOrder) {
  Permits permits{0};
  Suspended second;
  Suspended fourth;
  BlockedThread first([&] { take(permits); });
  first.wait_until_asleep();
  adopt(permits, second);
  BlockedThread third([&] { take(permits); });
  third.wait_until_asleep();
  adopt(permits, fourth);

  EXPECT_TRUE(permits.give(1, no_limit));
  first.join();
  EXPECT_EQ(second.fate, Fate::undecided);
  EXPECT_TRUE(permits.give(1, no_limit));
  EXPECT_EQ(second.fate, Fate::granted);
  EXPECT_FALSE(third.finished());
  EXPECT_TRUE(permits.give(1, no_limit));
  third.join();
  EXPECT_EQ(fourth.fate, Fate::undecided);
  EXPECT_TRUE(permits.give(1, no_limit));
  EXPECT_EQ(fourth.fate, Fate::granted);
}

TEST(Permits, OneGiveServesThreadsAndOthers) {
  Permits permits{0};
  Suspended second;
  BlockedThread first([&] { take(permits); });
  first.wait_until_asleep();
  adopt(permits, second);
  BlockedThread third([&] { take(permits); });
  third.wait_until_asleep();
  EXPECT_TRUE(permits.give(3, no_limit));
  first.join();
  third.join();
  EXPECT_EQ(second.fate, Fate::granted);
  EXPECT_EQ(permits.free(), 0);
}

TEST(Permits, OneThatLeavesUncoversThoseBehindIt) {  // W2, W3
  Permits permits{0};
  std::stop_source stop;
  Suspended second;
  BlockedThread first([&] { EXPECT_FALSE(permits.take(Deadline::never(), stop.get_token())); });
  first.wait_until_asleep();
  adopt(permits, second);
  stop.request_stop();
  first.join();
  EXPECT_TRUE(permits.give(1, no_limit));
  EXPECT_EQ(second.fate, Fate::granted);
}

// Fairness

TEST(Permits, AThreadThatIsBargedPastAgainAndAgainIsHandedOne) {
  // On one processor, where the thief goes before the thread that was woken, every permit is stolen
  // until one is handed over. Elsewhere the thread may be lucky before that. That it never gets one
  // is what must not be.
  cpu_set_t before;
  cpu_set_t one;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
  ::sched_setaffinity(0, sizeof one, &one);  // inherited by the thread

  Permits permits{0};
  BlockedThread barged_past([&] {
    const sched_param lowest{};
    ::sched_setscheduler(0, SCHED_IDLE, &lowest);
    take(permits);
  });
  int stolen = 0;
  for (;; ++stolen) {
    barged_past.wait_until_asleep();
    ASSERT_TRUE(permits.give(1, 1));
    if (!permits.try_take()) break;
    if (stolen == 1'000) {
      ADD_FAILURE() << "it starves";
      EXPECT_TRUE(permits.give(1, 1));
      break;
    }
  }
  barged_past.join();
  ::sched_setaffinity(0, sizeof before, &before);
  RecordProperty("stolen", stolen);
  EXPECT_EQ(permits.free(), 0);
}

TEST(Permits, OneThatWasBargedPastKeepsItsPlace) {
  Permits permits{0};
  BlockedThread first([&] { take(permits); });
  first.wait_until_asleep();
  Suspended second;
  adopt(permits, second);
  for (int i = 0; i < 100 && !first.finished(); ++i) {
    first.wait_until_asleep();
    EXPECT_TRUE(permits.give(1, 1));
    if (!permits.try_take()) break;
  }
  first.join();
  EXPECT_EQ(second.fate, Fate::undecided);
  EXPECT_TRUE(permits.give(1, 1));
  EXPECT_EQ(second.fate, Fate::granted);
}

// Everything at once

TEST(Permits, TheLimitHoldsWhenManyGiveAtOnce) {  // BS2
  constexpr int rounds = sanitized ? 10'000 : 100'000;
  Permits permits{0};
  std::atomic<int> given{0};
  std::atomic<int> taken{0};
  {
    const auto give = [&](const std::stop_token& end) {
      while (!end.stop_requested()) {
        given += permits.give(1, 1);
        EXPECT_LE(permits.free(), 1);
      }
    };
    const std::jthread first_giver(give);
    const std::jthread second_giver(give);
    const auto take_many = [&] {
      for (int i = 0; i < rounds; ++i) {
        take(permits);
        ++taken;
      }
    };
    const std::jthread first_taker(take_many);
    const std::jthread second_taker(take_many);
  }
  EXPECT_EQ(given, taken + permits.free());
}

TEST(
    Permits,
    NoneIsLostOrMadeUnderStress) {  // S8, with threads that give up and waiters that are no threads
  constexpr std::int64_t initial = 3;
  constexpr int threads = 4;
  constexpr int rounds = 3'000;
  Permits permits{initial};
  std::atomic<int> holders{0};
  std::atomic<int> most{0};
  const auto hold = [&] {
    const int now = ++holders;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    --holders;
    EXPECT_TRUE(permits.give(1, initial));
  };
  {
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t) {
      workers.emplace_back([&, t] {
        for (int i = 0; i < rounds; ++i) {
          switch ((i + t) % 4) {
            case 0:
              take(permits);
              hold();
              break;
            case 1:
              if (permits.take(Deadline::after(std::chrono::microseconds(i % 30)), {})) hold();
              break;
            case 2: {
              std::stop_source soon;
              std::jthread stopper;
              if (i % 16 == 2) stopper = std::jthread([&] { soon.request_stop(); });
              if (i % 16 != 2) soon.request_stop();
              if (permits.take(Deadline::never(), soon.get_token())) hold();
              break;
            }
            default: {
              Suspended suspended;
              adopt(permits, suspended);
              while (suspended.wakes == 0) std::this_thread::yield();
              EXPECT_EQ(suspended.fate, Fate::granted);
              hold();
            }
          }
        }
      });
    }
  }
  EXPECT_EQ(permits.free(), initial);
  EXPECT_LE(most, initial);
}

}  // namespace
