// Specifies os/futex.hpp and wait/waiter.hpp: a futex call that is interrupted or refused harms
// nobody; a list of waiters is a FIFO from which any can be taken; a thread parks until its fate is
// decided.

#include "lockstep/wait/waiter.hpp"

#include <errno.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <random>
#include <vector>

#include "lockstep/os/clock.hpp"
#include "lockstep/os/futex.hpp"
#include "lockstep/wait/bell.hpp"
#include "lockstep/wait/deadline.hpp"
#include "note.hpp"
#include "threads.hpp"

namespace {

using namespace std::chrono_literals;
using lockstep::os::futex_wait;
using lockstep::os::futex_wake_one;
using lockstep::os::FutexWord;
using lockstep::os::Instant;
using lockstep::os::nanoseconds_now;
using lockstep::test::BlockedThread;
using lockstep::test::Note;
using lockstep::wait::Bell;
using lockstep::wait::Deadline;
using lockstep::wait::Fate;
using lockstep::wait::ThreadWaiter;
using lockstep::wait::Waiter;
using lockstep::wait::WaitList;

/// Interrupts the system call in which `thread` sleeps.
void interrupt(BlockedThread& thread) {
  struct sigaction action{};  // without SA_RESTART: the call ends with EINTR
  action.sa_handler = [](int) {};
  ::sigaction(SIGUSR1, &action, nullptr);
  ::pthread_kill(thread.native_handle(), SIGUSR1);
}

// os/futex.hpp

TEST(Futex, AWaitOnAWordThatHasChangedReturnsAtOnce) {  // EAGAIN
  const FutexWord word{1};
  EXPECT_TRUE(futex_wait(word, 0));
}

TEST(Futex, AWaitThatIsOverReturnsFalseAndNotBeforeItsInstant) {
  const FutexWord word{0};
  for (const auto clock : {Instant::Clock::monotonic, Instant::Clock::realtime}) {
    const Instant until{nanoseconds_now(clock) + 1'000'000, clock};
    while (futex_wait(word, 0, until)) {
    }
    EXPECT_GE(nanoseconds_now(clock), until.nanoseconds);
  }
}

TEST(Futex, AnInstantBeforeTheClockBeganHasCome) {
  const FutexWord word{0};
  EXPECT_FALSE(futex_wait(word, 0, {-1}));
  EXPECT_FALSE(futex_wait(word, 0, {-Instant::never_, Instant::Clock::realtime}));
}

TEST(Futex, NoCallTouchesErrno) {
  const FutexWord word{0};
  errno = ENOTTY;
  EXPECT_TRUE(futex_wait(word, 1));        // EAGAIN
  EXPECT_FALSE(futex_wait(word, 0, {0}));  // ETIMEDOUT
  futex_wake_one(&word);
  EXPECT_EQ(errno, ENOTTY);
}

TEST(Futex, AWaitIsNoErrorWhenASignalInterruptsIt) {  // EINTR
  const FutexWord word{0};
  BlockedThread sleeper([&] { EXPECT_TRUE(futex_wait(word, 0)); });
  sleeper.wait_until_asleep();
  interrupt(sleeper);
  sleeper.join();
}

// wait/waiter.hpp: the list

TEST(WaitList, AgreesWithADequeUnderRandomOperations) {
  constexpr std::size_t lists = 2;
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    WaitList list[lists];
    std::deque<Waiter*> model[lists];
    std::vector<std::unique_ptr<Note>> notes;
    std::vector<Waiter*> outside;
    for (int i = 0; i < 12; ++i) {
      notes.push_back(std::make_unique<Note>());
      outside.push_back(notes.back().get());
    }

    for (int step = 0; step < 3'000; ++step) {
      const std::size_t which = random() % lists;
      const std::size_t other = 1 - which;
      switch (random() % 6) {
        case 0:
        case 1:
          if (outside.empty()) break;
          if (random() % 2 == 0) {
            list[which].push_back(*outside.back());
            model[which].push_back(outside.back());
          } else {
            list[which].push_front(*outside.back());
            model[which].push_front(outside.back());
          }
          outside.pop_back();
          break;
        case 2:
          if (model[which].empty()) break;
          ASSERT_EQ(&list[which].pop_front(), model[which].front()) << "seed " << seed;
          outside.push_back(model[which].front());
          model[which].pop_front();
          break;
        case 3: {
          if (model[which].empty()) break;
          const auto at =
              model[which].begin() + static_cast<std::ptrdiff_t>(random() % model[which].size());
          list[which].erase(**at);
          outside.push_back(*at);
          model[which].erase(at);
          break;
        }
        case 4:
          list[which].append(list[other]);
          model[which].insert(model[which].end(), model[other].begin(), model[other].end());
          model[other].clear();
          break;
        default:  // everything out, in order, and back in
          for (Waiter* const expected : model[which]) {
            ASSERT_FALSE(list[which].empty());
            ASSERT_EQ(&list[which].pop_front(), expected) << "seed " << seed;
          }
          ASSERT_TRUE(list[which].empty());
          for (Waiter* const waiter : model[which]) list[which].push_back(*waiter);
      }
      for (std::size_t i = 0; i < lists; ++i) {
        ASSERT_EQ(list[i].empty(), model[i].empty()) << "seed " << seed;
        if (!model[i].empty()) {
          ASSERT_EQ(&list[i].front(), model[i].front()) << "seed " << seed;
        }
      }
    }
  }
}

TEST(WaitList, WakeAllTellsEachOnceAndOldestFirst) {
  static std::vector<Waiter*> woken;
  woken.clear();
  struct Teller : Waiter {
    Teller()
        : Waiter([](Waiter& waiter, Fate fate) noexcept {
            EXPECT_EQ(fate, Fate::refused);
            woken.push_back(&waiter);
          }) {}
  };
  Teller first;
  Teller second;
  Teller third;
  WaitList list;
  for (Waiter* const waiter : {&first, &second, &third}) list.push_back(*waiter);
  list.wake_all(Fate::refused);
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(woken, (std::vector<Waiter*>{&first, &second, &third}));
}

TEST(WaitList, AWaiterMayBeGoneOnceItWasWoken) {
  struct Mortal : Waiter {
    Mortal()
        : Waiter([](Waiter& waiter, Fate) noexcept { delete static_cast<Mortal*>(&waiter); }) {}
  };
  WaitList list;
  for (int i = 0; i < 3; ++i) list.push_back(*new Mortal);
  list.wake_all(Fate::granted);  // the address checker sees a look at one that is gone
  EXPECT_TRUE(list.empty());
}

// wait/waiter.hpp: a thread

TEST(ThreadWaiter, AWakeBeforeItSleepsIsNotMissed) {
  ThreadWaiter self;
  self.wake(Fate::granted);
  EXPECT_EQ(self.park(), Fate::granted);
  Deadline never = Deadline::never();
  EXPECT_EQ(self.spin_and_park(never), Fate::granted);
}

TEST(ThreadWaiter, SleepsUntilItIsWokenAndSeesWhatCameBefore) {
  int written = 0;  // not atomic: the wake must order it
  std::atomic<ThreadWaiter*> waiter{nullptr};
  BlockedThread sleeper([&] {
    ThreadWaiter self;
    waiter = &self;
    EXPECT_EQ(self.park(), Fate::refused);
    EXPECT_EQ(written, 1);
  });
  sleeper.wait_until_asleep();
  written = 1;
  waiter.load()->wake(Fate::refused);
}

TEST(ThreadWaiter, ReturnsUndecidedNotBeforeItsDeadline) {
  for (const bool spin : {false, true}) {
    ThreadWaiter self;
    const auto until = std::chrono::steady_clock::now() + 1ms;
    Deadline deadline = Deadline::at(until);
    EXPECT_EQ(spin ? self.spin_and_park(deadline) : self.park(deadline), Fate::undecided);
    EXPECT_GE(std::chrono::steady_clock::now(), until);
  }
}

TEST(ThreadWaiter, CanBeWokenAfterItsDeadline) {
  ThreadWaiter self;
  Deadline past = Deadline::after(-1s);
  ASSERT_EQ(self.park(past), Fate::undecided);
  self.wake(Fate::cancelled);
  EXPECT_EQ(self.park(), Fate::cancelled);
}

TEST(ThreadWaiter, ASignalDoesNotEndItsSleep) {
  std::atomic<ThreadWaiter*> waiter{nullptr};
  BlockedThread sleeper([&] {
    ThreadWaiter self;
    waiter = &self;
    Deadline far = Deadline::after(24h);
    EXPECT_EQ(self.park(far), Fate::granted);
  });
  sleeper.wait_until_asleep();
  for (int i = 0; i < 3; ++i) {
    interrupt(sleeper);
    sleeper.wait_until_asleep();
  }
  waiter.load()->wake(Fate::granted);
}

TEST(ThreadWaiter, AWakeOfTheWordForNoReasonDoesNotEndItsSleep) {
  std::atomic<ThreadWaiter*> waiter{nullptr};
  BlockedThread sleeper([&] {
    ThreadWaiter self;
    waiter = &self;
    EXPECT_EQ(self.park(), Fate::granted);
  });
  sleeper.wait_until_asleep();
  // Its word is a private member; wake every address that it could be.
  auto* const words = reinterpret_cast<const FutexWord*>(waiter.load());
  for (std::size_t i = 0; i < sizeof(ThreadWaiter) / sizeof(FutexWord); ++i)
    futex_wake_one(words + i);
  sleeper.wait_until_asleep();
  waiter.load()->wake(Fate::granted);
}

TEST(ThreadWaiter, ManyOnOneBellAreAllWokenByOneList) {
  constexpr int many = 5;
  Bell bell;
  std::vector<std::unique_ptr<ThreadWaiter>> waiters;
  std::vector<std::unique_ptr<BlockedThread>> sleepers;
  WaitList list;
  for (int i = 0; i < many; ++i) {
    ThreadWaiter& waiter = *waiters.emplace_back(std::make_unique<ThreadWaiter>(&bell));
    list.push_back(waiter);
    sleepers.push_back(
        std::make_unique<BlockedThread>([&waiter] { EXPECT_EQ(waiter.park(), Fate::refused); }));
  }
  for (auto& sleeper : sleepers) sleeper->wait_until_asleep();
  list.wake_all(Fate::refused);
  for (auto& sleeper : sleepers) sleeper->join();
  EXPECT_EQ(bell.strokes(), 1U);
}

TEST(ThreadWaiter, ABellRungForOthersDoesNotEndItsSleep) {
  Bell bell;
  ThreadWaiter waiter(&bell);
  BlockedThread sleeper([&] { EXPECT_EQ(waiter.park(), Fate::granted); });
  sleeper.wait_until_asleep();
  bell.ring();
  sleeper.wait_until_asleep();
  waiter.wake(Fate::granted);
}

TEST(ThreadWaiter, LeavesABellWhenItsTimeHasCome) {
  Bell bell;
  ThreadWaiter waiter(&bell);
  Deadline soon = Deadline::after(1ms);
  EXPECT_EQ(waiter.park(soon), Fate::undecided);
}

TEST(ThreadWaiter, CanWaitAgainOnceRenewed) {
  ThreadWaiter self;
  self.wake(Fate::retry);
  ASSERT_EQ(self.park(), Fate::retry);
  self.renew();
  Deadline past = Deadline::after(0s);
  EXPECT_EQ(self.park(past), Fate::undecided);
}

}  // namespace
