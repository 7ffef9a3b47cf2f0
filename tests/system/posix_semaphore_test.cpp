// POSIX semaphores.
#include <limits.h>
#include <semaphore.h>
#include <time.h>

#include <cerrno>
#include <thread>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

struct Semaphore {
  explicit Semaphore(unsigned count) { require(sem_init(&semaphore, 0, count) == 0); }
  ~Semaphore() { sem_destroy(&semaphore); }
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  void wait() { require(sem_wait(&semaphore) == 0); }
  void post() { require(sem_post(&semaphore) == 0); }
  int error_of(int result) { return result == 0 ? 0 : errno; }
  int try_wait() { return error_of(sem_trywait(&semaphore)); }
  int wait_until(const timespec& time) { return error_of(sem_timedwait(&semaphore, &time)); }
  int wait_until(clockid_t clock, const timespec& time) {
    return error_of(sem_clockwait(&semaphore, clock, &time));
  }
  int value() {
    int value = -1;
    require(sem_getvalue(&semaphore, &value) == 0);
    return value;
  }

  sem_t semaphore;
};

timespec in_a_second(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  ++time.tv_sec;
  return time;
}

TEST(PosixSemaphore, WhatWasWrittenBeforeAPostIsSeenAfterTheWait) {
  EXPECT_TRUE(counts(
      [] {
        Semaphore semaphore(0);
        int data = 0;
        std::thread thread([&] {
          data = 1;
          semaphore.post();
        });
        semaphore.wait();
        outcome(std::to_string(data));
        thread.join();
      },
      {{"1", 1}}));
}

TEST(PosixSemaphore, LetsInAsManyAsItCounts) {
  const auto program = [](unsigned count) -> Program {
    return [count] {
      Semaphore semaphore(count);
      int value = 0;
      const auto body = [&] {
        semaphore.wait();
        ++value;
        semaphore.post();
      };
      std::thread thread(body);
      body();
      thread.join();
    };
  };
  EXPECT_TRUE(passes(program(1)));
  EXPECT_TRUE(fails(Wrong::data_race, program(2), {"data race"}));
  EXPECT_TRUE(fails(Wrong::deadlock, program(0), {"waits for the semaphore"}));
}

TEST(PosixSemaphore, NoPostIsLost) {
  EXPECT_TRUE(counts(
      [] {
        Semaphore semaphore(0);
        std::thread a([&] { semaphore.post(); });
        std::thread b([&] { semaphore.post(); });
        semaphore.wait();
        semaphore.wait();
        a.join();
        b.join();
        outcome(std::to_string(semaphore.value()));
      },
      // The posts' orders; and the first wait comes after both, or between them.
      {{"0", 4}}));
}

TEST(PosixSemaphore, ATryFailsAtZero) {
  EXPECT_TRUE(counts(
      [] {
        Semaphore semaphore(0);
        std::thread thread([&] { semaphore.post(); });
        outcome(semaphore.try_wait() == EAGAIN ? "none" : "one");
        thread.join();
      },
      {{"none", 1}, {"one", 1}}));
}

TEST(PosixSemaphore, AFailedTryOrdersNothing) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      Semaphore semaphore(1);
                      int data = 0;
                      std::thread thread([&] {
                        data = 1;
                        semaphore.try_wait();
                      });
                      if (semaphore.try_wait() != 0) require(data == 1);
                      thread.join();
                    },
                    {"data race"}));
}

TEST(PosixSemaphore, AWaitWithADeadlineIsLateOnlyAtZero) {
  for (const clockid_t clock : {CLOCK_REALTIME, CLOCK_MONOTONIC}) {
    EXPECT_TRUE(comes_to(
        [clock] {
          Semaphore semaphore(0);
          std::thread thread([&] { semaphore.post(); });
          const timespec deadline = in_a_second(clock);
          const int result = clock == CLOCK_REALTIME ? semaphore.wait_until(deadline)
                                                     : semaphore.wait_until(clock, deadline);
          timespec now{};
          clock_gettime(clock, &now);
          require(result != ETIMEDOUT || now.tv_sec >= deadline.tv_sec);
          thread.join();
          require(semaphore.value() == (result == 0 ? 0 : 1));
          outcome(result == 0 ? "in time" : result == ETIMEDOUT ? "late" : "?");
        },
        {"in time", "late"}));
  }
}

TEST(PosixSemaphore, WithoutTimeoutsAWaitWithADeadlineWaits) {
  Options never;
  never.timeouts = 0;
  EXPECT_TRUE(counts(
      [] {
        Semaphore semaphore(0);
        std::thread thread([&] { semaphore.post(); });
        outcome(semaphore.wait_until(in_a_second(CLOCK_REALTIME)) == 0 ? "in time" : "late");
        thread.join();
      },
      {{"in time", 1}}, never));
}

TEST(PosixSemaphore, ADeadlineThatIsNoTimeIsInvalidIfItIsNeeded) {
  EXPECT_TRUE(passes([] {
    Semaphore semaphore(1);
    require(semaphore.wait_until({0, -1}) == 0);
    require(semaphore.wait_until({0, -1}) == EINVAL);
  }));
}

TEST(PosixSemaphore, DoesNotCountBeyondItsLargestValue) {
  EXPECT_TRUE(passes([] {
    Semaphore semaphore(SEM_VALUE_MAX);
    require(sem_post(&semaphore.semaphore) == -1 && errno == EOVERFLOW);
    semaphore.wait();
    semaphore.post();
    sem_t other;
    require(sem_init(&other, 0, SEM_VALUE_MAX + 1u) == -1 && errno == EINVAL);
  }));
}

TEST(PosixSemaphore, ItsValueIsWhatIsLeft) {
  EXPECT_TRUE(counts(
      [] {
        Semaphore semaphore(2);
        std::thread thread([&] { semaphore.wait(); });
        outcome(std::to_string(semaphore.value()));
        thread.join();
      },
      {{"1", 1}, {"2", 1}}));
}

// Anybody may post: what may not is to let the memory go while another still posts.
TEST(PosixSemaphore, MayBeGoneOnlyWhenThePostIsOver) {
  const auto program = [](bool joins_first) -> Program {
    return [joins_first] {
      auto* semaphore = new Semaphore(0);
      std::thread thread([=] { semaphore->post(); });
      semaphore->wait();
      if (joins_first) thread.join();
      delete semaphore;
      if (!joins_first) thread.join();
    };
  };
  EXPECT_TRUE(passes(program(true)));
  EXPECT_TRUE(passes(program(false)));  // POSIX 2008: who waited may destroy it
}

}  // namespace
}  // namespace lockstep::check
