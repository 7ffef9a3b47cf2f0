// POSIX condition variables.
#include <pthread.h>
#include <time.h>

#include <cerrno>
#include <memory>
#include <thread>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

struct Monitor {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

  void lock() { pthread_mutex_lock(&mutex); }
  void unlock() { pthread_mutex_unlock(&mutex); }
  int wait() { return pthread_cond_wait(&condition, &mutex); }
  int wait_until(const timespec& time) { return pthread_cond_timedwait(&condition, &mutex, &time); }
  void signal() { pthread_cond_signal(&condition); }
  void broadcast() { pthread_cond_broadcast(&condition); }
};

timespec in_a_second(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  ++time.tv_sec;
  return time;
}

bool has_come(clockid_t clock, const timespec& deadline) {
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec > deadline.tv_sec ||
         (now.tv_sec == deadline.tv_sec && now.tv_nsec >= deadline.tv_nsec);
}

// Waiting and waking

// The waiter is before the signaller, and sleeps, or after it.
TEST(PosixCondition, ASignalUnderTheMutexIsNotMissed) {
  EXPECT_TRUE(counts(
      [] {
        Monitor monitor;
        bool is_set = false;
        int sleeps = 0;
        std::thread thread([&] {
          monitor.lock();
          is_set = true;
          monitor.signal();
          monitor.unlock();
        });
        monitor.lock();
        while (!is_set) {
          require(monitor.wait() == 0);
          ++sleeps;
        }
        monitor.unlock();
        thread.join();
        outcome(std::to_string(sleeps));
      },
      {{"0", 1}, {"1", 1}}, only_woken));
}

TEST(PosixCondition, AWaitMayEndForNoReasonSoItIsInALoop) {
  const auto program = [](bool in_loop) -> Program {
    return [in_loop] {
      Monitor monitor;
      bool is_set = false;
      std::thread thread([&] {
        monitor.lock();
        is_set = true;
        monitor.signal();
        monitor.unlock();
      });
      monitor.lock();
      do {
        if (!is_set) monitor.wait();
      } while (in_loop && !is_set);
      require(is_set);
      monitor.unlock();
      thread.join();
    };
  };
  EXPECT_TRUE(passes(program(true)));
  EXPECT_TRUE(fails(Wrong::requirement, program(false), {"wakes for no reason"}));
  EXPECT_TRUE(passes(program(false), only_woken));
}

TEST(PosixCondition, ASignalWhenNobodyWaitsIsNotRemembered) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        Monitor monitor;
        std::thread thread([&] { monitor.signal(); });
        monitor.lock();
        monitor.wait();
        monitor.unlock();
        thread.join();
      },
      {"lost wake-up", "waits on the condition variable", "thread 0"}, only_woken));
}

TEST(PosixCondition, AWaiterLetsGoOfTheMutexAndHasItAgainAfterwards) {
  EXPECT_TRUE(passes([] {
    Monitor monitor;
    int inside = 0;
    bool is_set = false;
    std::thread thread([&] {
      monitor.lock();
      require(++inside == 1);
      is_set = true;
      monitor.broadcast();
      --inside;
      monitor.unlock();
    });
    monitor.lock();
    require(++inside == 1);
    while (!is_set) {
      --inside;
      monitor.wait();
      require(++inside == 1);
    }
    --inside;
    require(pthread_mutex_trylock(&monitor.mutex) == EBUSY);
    monitor.unlock();
    thread.join();
  }));
}

TEST(PosixCondition, ARecursiveMutexIsLetGoOfHoweverDeepItIs) {
  EXPECT_TRUE(passes(
      [] {
        pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
        pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
        bool is_set = false;
        std::thread thread([&] {
          pthread_mutex_lock(&mutex);
          is_set = true;
          pthread_cond_signal(&condition);
          pthread_mutex_unlock(&mutex);
        });
        pthread_mutex_lock(&mutex);
        pthread_mutex_lock(&mutex);
        while (!is_set) pthread_cond_wait(&condition, &mutex);
        require(pthread_mutex_unlock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == 0);
        require(pthread_mutex_unlock(&mutex) == EPERM);
        thread.join();
      },
      only_woken));
}

/// Two wait, and a third wakes one of them or all.
Program two_wait(bool wakes_all) {
  return [wakes_all] {
    Monitor monitor;
    bool is_set = false;
    const auto await = [&] {
      monitor.lock();
      while (!is_set) monitor.wait();
      monitor.unlock();
    };
    std::thread a(await), b(await);
    monitor.lock();
    is_set = true;
    if (wakes_all) {
      monitor.broadcast();
    } else {
      monitor.signal();
    }
    monitor.unlock();
    a.join();
    b.join();
  };
}

TEST(PosixCondition, ABroadcastWakesAllWhoWaitAndASignalOnlyOne) {
  EXPECT_TRUE(passes(two_wait(true)));
  EXPECT_TRUE(fails(Wrong::deadlock, two_wait(false), {"waits on the condition variable"}));
}

TEST(PosixCondition, ASignalDoesNotPublishWhatWasWrittenOutsideTheMutex) {
  EXPECT_TRUE(fails(
      Wrong::data_race,
      [] {
        Monitor monitor;
        int data = 0;
        bool is_set = false;
        std::thread thread([&] {
          monitor.lock();
          is_set = true;
          monitor.unlock();
          data = 1;
          monitor.signal();
        });
        monitor.lock();
        if (!is_set) monitor.wait();
        require(data == 1);
        monitor.unlock();
        thread.join();
      },
      {"data race"}, only_woken));
}

// Deadlines

TEST(PosixCondition, AWaitWithADeadlineIsWokenOrLate) {
  EXPECT_TRUE(comes_to(
      [] {
        Monitor monitor;
        bool is_set = false;
        std::thread thread([&] {
          monitor.lock();
          is_set = true;
          monitor.signal();
          monitor.unlock();
        });
        monitor.lock();
        const timespec deadline = in_a_second(CLOCK_REALTIME);
        const int result = is_set ? 0 : monitor.wait_until(deadline);
        require(result != ETIMEDOUT || has_come(CLOCK_REALTIME, deadline));
        outcome(result == 0 ? "woken" : result == ETIMEDOUT ? "late" : "?");
        outcome(is_set ? "set" : "not set");
        monitor.unlock();
        thread.join();
      },
      {"woken set", "late set", "late not set"}, only_woken));
}

TEST(PosixCondition, ItsClockIsThatOfItsAttributesOrOfTheCall) {
  EXPECT_TRUE(passes([] {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    Monitor monitor;
    pthread_cond_init(&monitor.condition, &attributes);
    monitor.lock();
    const timespec monotonic = in_a_second(CLOCK_MONOTONIC);
    if (monitor.wait_until(monotonic) == ETIMEDOUT) require(has_come(CLOCK_MONOTONIC, monotonic));
    timespec soon = in_a_second(CLOCK_MONOTONIC);
    require(!has_come(CLOCK_MONOTONIC, soon));
    const timespec real = in_a_second(CLOCK_REALTIME);
    const int result =
        pthread_cond_clockwait(&monitor.condition, &monitor.mutex, CLOCK_REALTIME, &real);
    if (result == ETIMEDOUT) require(has_come(CLOCK_REALTIME, real));
    monitor.unlock();
    pthread_cond_destroy(&monitor.condition);
  }));
}

TEST(PosixCondition, ADeadlineThatIsNoTimeIsInvalid) {
  EXPECT_TRUE(passes([] {
    Monitor monitor;
    monitor.lock();
    require(monitor.wait_until({0, 1'000'000'000}) == EINVAL);
    monitor.unlock();
  }));
}

// Misuse

TEST(PosixCondition, ToWaitWithoutTheMutexIsMisuse) {
  EXPECT_TRUE(fails(Wrong::misuse,
                    [] {
                      Monitor monitor;
                      monitor.wait();
                    },
                    {"waits on a condition variable without its mutex"}));
}

TEST(PosixCondition, DestructionWhileAThreadWaitsIsMisuse) {
  EXPECT_TRUE(fails(Wrong::misuse,
                    [] {
                      Monitor monitor;
                      bool waits = false;
                      std::thread thread([&] {
                        monitor.lock();
                        waits = true;
                        monitor.wait();
                        monitor.unlock();
                      });
                      monitor.lock();
                      assume(waits);
                      pthread_cond_destroy(&monitor.condition);
                      monitor.unlock();
                      thread.join();
                    },
                    {"a condition variable is destroyed while a thread waits on it"}));
}

TEST(PosixCondition, MayBeDestroyedAsSoonAsAllAreWoken) {
  EXPECT_TRUE(passes(
      [] {
        auto monitor = std::make_unique<Monitor>();
        bool waits = false;
        std::thread thread([&] {
          monitor->lock();
          waits = true;
          monitor->wait();
          monitor->unlock();
        });
        monitor->lock();
        assume(waits);
        monitor->broadcast();
        require(pthread_cond_destroy(&monitor->condition) == 0);
        monitor->unlock();
        thread.join();
      },
      only_woken));
}

}  // namespace
}  // namespace lockstep::check
