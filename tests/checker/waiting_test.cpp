// Threads that wait for what does not come.
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <thread>
#include <vector>

#include "explored.hpp"

namespace lockstep::check {
namespace {

void* joins(void* other) {
  pthread_join(*static_cast<pthread_t*>(other), nullptr);
  return nullptr;
}

TEST(Deadlocks, TwoThreadsThatJoinEachOther) {
  EXPECT_TRUE(fails(Wrong::deadlock,
                    [] {
                      pthread_t self = pthread_self();
                      pthread_t other;
                      pthread_create(&other, nullptr, &joins, &self);
                      pthread_join(other, nullptr);
                    },
                    {"wait for each other", "thread 0 waits for the end of thread 1",
                     "thread 1 waits for the end of thread 0", "waiting_test.cpp:15"}));
}

TEST(Livelocks, AThreadThatSpinsOnWhatNobodyWrites) {
  const Program program = [] {
    std::atomic<int> x{0};
    std::thread thread([&] { x = 1; });
    while (x.load() != 2) {
    }
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::livelock, program,
                    {"spins for ever", "thread 0", LINE_OF("while (x.load() != 2) {")}));
}

/// Has a frame in which there are bytes that it does not write.
[[gnu::noinline]] bool is_set(const std::atomic<int>& flag) {
  int unwritten[12];
  asm volatile("" : : "r"(unwritten) : "memory");
  return flag.load(std::memory_order_acquire) != 0;
}

// What the checker itself leaves on a stack must not show in those bytes: each round would be another state.
TEST(Awaits, AreRecognizedThoughTheFramesInThemHoldBytesThatNobodyWrites) {
  const Result result = explored([] {
    std::atomic<int> flag{0};
    int plain = 1;
    std::thread thread([&] { flag.store(1, std::memory_order_release); });
    while (!is_set(flag)) {
      asm volatile("" : : "r"(&plain) : "memory");
      if (plain != 1) break;
    }
    thread.join();
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 1u);
}

template <class Lock>
Result counting_under(int threads, int sections) {
  return explored([=] {
    Lock lock;
    int count = 0;
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) {
      all.emplace_back([&] {
        for (int n = 0; n < sections; ++n) {
          lock.lock();
          ++count;
          lock.unlock();
        }
      });
    }
    for (std::thread& each : all) each.join();
    require(count == threads * sections);
  });
}

struct TestAndSetLock {
  void lock() {
    while (held.exchange(true, std::memory_order_acquire)) {
    }
  }
  void unlock() { held.store(false, std::memory_order_release); }
  std::atomic<bool> held{false};
};

// 3 threads twice each: 6! / (2! 2! 2!) orders. A thread that has once found the lock held is not made to find it
// held by every other section as well: without that 124 executions would be blocked.
TEST(Awaits, OfAValueThatIsKnownToKeepAThreadWaitingAreNotExploredAgain) {
  const Result result = counting_under<TestAndSetLock>(3, 2);
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 90u);
  EXPECT_LE(result.blocked, 10u) << result;
}

struct TicketLock {
  void lock() {
    const unsigned mine = next.fetch_add(1, std::memory_order_relaxed);
    while (serving.load(std::memory_order_acquire) != mine) {
    }
  }
  void unlock() {
    serving.store(serving.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  std::atomic<unsigned> next{0}, serving{0};
};

// 5! orders. Each thread waits for one value, and the others are met once each: without that 585 would be blocked.
TEST(Awaits, OfOneValueMeetEachOtherOnce) {
  const Result result = counting_under<TicketLock>(5, 1);
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 120u);
  EXPECT_LE(result.blocked, 40u) << result;
}

TEST(Awaits, OfAPlainVariableAreRacesWithItsWriter) {
  const Program program = [] {
    bool is_set = false;
    escape(&is_set);
    std::thread thread([&] { is_set = true; });
    while (!is_set) {
      escape(&is_set);
    }
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::data_race, program, {"thread 0 reads", LINE_OF("while (!is_set)")}));
}

TEST(Awaits, OfAPlainVariableThatNobodyWritesAreRefused) {
  EXPECT_TRUE(is_refused(
      [] {
        bool is_set = false;
        escape(&is_set);
        while (!is_set) escape(&is_set);
      },
      {"10000000 plain accesses", "a loop without end"}));
}

// The loop is none that waits, because it counts; it must not keep the writer from running at all.
TEST(Awaits, ThatCountTheirRoundsDoNotHideAnErrorOfTheFirst) {
  const Program program = [] {
    std::atomic<bool> flag{false};
    std::thread thread([&] { flag.store(true); });
    int rounds = 0;
    while (!flag.load()) ++rounds;
    require(rounds != 0);
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::requirement, program, {"does not hold"}));
}

TEST(Livelocks, ASpinThatFailsToExchange) {
  EXPECT_TRUE(fails(Wrong::livelock,
                    [] {
                      std::atomic<bool> is_locked{false};
                      const auto lock = [&] {
                        while (is_locked.exchange(true)) {
                        }
                      };
                      std::thread thread(lock);
                      lock();
                      thread.join();
                    },
                    {"spins for ever"}));
}

TEST(Livelocks, TwoThatWaitForEachOther) {
  EXPECT_TRUE(fails(Wrong::livelock,
                    [] {
                      std::atomic<bool> a{false}, b{false};
                      std::thread thread([&] {
                        while (!a) {
                        }
                        b = true;
                      });
                      while (!b) {
                      }
                      a = true;
                      thread.join();
                    },
                    {"spins for ever", "thread 0", "thread 1"}));
}

TEST(Livelocks, ASpinThatEndsInEveryExecutionIsNone) {
  EXPECT_TRUE(passes([] {
    std::atomic<bool> go{false};
    std::thread thread([&] { go = true; });
    while (!go) {
    }
    thread.join();
  }));
}

// Joins

TEST(BadJoins, OfAThreadThatWasJoined) {
  const Program program = [] {
    pthread_t thread;
    pthread_create(&thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr);
    pthread_join(thread, nullptr);
    pthread_join(thread, nullptr);
  };
  EXPECT_TRUE(fails(Wrong::bad_join, program,
                    {"joined before", "thread 0", LINE_OF("pthread_join(thread, nullptr);")}));
}

TEST(BadJoins, OfAThreadThatWasDetached) {
  EXPECT_TRUE(fails(Wrong::bad_join,
                    [] {
                      pthread_t thread;
                      pthread_create(
                          &thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr);
                      pthread_detach(thread);
                      pthread_join(thread, nullptr);
                    },
                    {"join of a detached thread"}));
}

TEST(BadJoins, ADetachAfterAJoin) {
  EXPECT_TRUE(fails(Wrong::bad_join,
                    [] {
                      pthread_t thread;
                      pthread_create(
                          &thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr);
                      pthread_join(thread, nullptr);
                      pthread_detach(thread);
                    },
                    {"detach of a thread that was joined"}));
}

TEST(BadJoins, ASecondDetach) {
  EXPECT_TRUE(fails(Wrong::bad_join,
                    [] {
                      pthread_t thread;
                      pthread_create(
                          &thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr);
                      pthread_detach(thread);
                      pthread_detach(thread);
                    },
                    {"detach of a detached thread"}));
}

TEST(BadJoins, OfWhatIsNoThread) {
  EXPECT_TRUE(fails(Wrong::bad_join, [] { pthread_join(pthread_t{}, nullptr); },
                    {"no thread of this execution"}));
}

TEST(BadJoins, AThreadThatJoinsItselfIsTold) {
  EXPECT_TRUE(passes([] { require(pthread_join(pthread_self(), nullptr) == EDEADLK); }));
}

TEST(BadJoins, AStdThreadNeedNotBeJoinableToBeAsked) {
  EXPECT_TRUE(passes([] {
    std::thread thread([] {});
    thread.join();
    require(!thread.joinable());
    bool has_thrown = false;
    try {
      thread.join();
    } catch (const std::system_error&) {
      has_thrown = true;
    }
    require(has_thrown);
  }));
}

}  // namespace
}  // namespace lockstep::check
