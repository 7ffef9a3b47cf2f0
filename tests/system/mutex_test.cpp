// POSIX mutexes of each kind, and spin locks.
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

class Mutex {
 public:
  explicit Mutex(int kind = PTHREAD_MUTEX_NORMAL) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, kind);
    require(pthread_mutex_init(&mutex_, &attributes) == 0);
    pthread_mutexattr_destroy(&attributes);
  }
  ~Mutex() { pthread_mutex_destroy(&mutex_); }
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  int lock() { return pthread_mutex_lock(&mutex_); }
  int try_lock() { return pthread_mutex_trylock(&mutex_); }
  int timed_lock(const timespec& time) { return pthread_mutex_timedlock(&mutex_, &time); }
  int clock_lock(clockid_t clock, const timespec& time) {
    return pthread_mutex_clocklock(&mutex_, clock, &time);
  }
  int unlock() { return pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_;
};

timespec in_a_second(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  ++time.tv_sec;
  return time;
}

const char* name_of(int result) {
  return result == 0 ? "locked" : result == EBUSY ? "busy" : result == ETIMEDOUT ? "late" : "?";
}

// Exclusion

TEST(PosixMutex, OneThreadAtATimeAndWhatItWroteTheNextSees) {
  EXPECT_TRUE(counts(
      [] {
        Mutex mutex;
        int value = 0;
        int seen = 0;
        std::thread thread([&] {
          mutex.lock();
          seen = ++value;
          mutex.unlock();
        });
        mutex.lock();
        ++value;
        mutex.unlock();
        thread.join();
        require(value == 2);
        outcome(seen == 1 ? "thread first" : "main first");
      },
      {{"thread first", 1}, {"main first", 1}}));
}

// n threads that lock once each: the orders in which they do.
TEST(PosixMutex, ThereIsAnExecutionForEachOrderOfItsHolders) {
  EXPECT_TRUE(counts(
      [] {
        Mutex mutex;
        std::string order;
        const auto body = [&](char name) {
          mutex.lock();
          order += name;
          mutex.unlock();
        };
        std::thread b(body, 'b'), c(body, 'c');
        body('a');
        b.join();
        c.join();
        outcome(order);
      },
      {{"abc", 1}, {"acb", 1}, {"bac", 1}, {"bca", 1}, {"cab", 1}, {"cba", 1}}));
}

TEST(PosixMutex, AnotherMutexDoesNotExclude) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      Mutex a, b;
                      int value = 0;
                      std::thread thread([&] {
                        a.lock();
                        ++value;
                        a.unlock();
                      });
                      b.lock();
                      ++value;
                      b.unlock();
                      thread.join();
                    },
                    {"data race"}));
}

TEST(PosixMutex, AStaticInitializerMakesOneThatIsFree) {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  EXPECT_TRUE(passes([] {
    int value = 0;
    std::thread thread([&] {
      pthread_mutex_lock(&mutex);
      ++value;
      pthread_mutex_unlock(&mutex);
    });
    pthread_mutex_lock(&mutex);
    ++value;
    pthread_mutex_unlock(&mutex);
    thread.join();
  }));
}

// The first to lock ends there, with the mutex. In the other order nobody waits for it.
TEST(PosixMutex, WhoEndsWithItDoesNotHideTheExecutionsInWhichItIsTheSecond) {
  EXPECT_TRUE(counts(
      [] {
        Mutex mutex;
        bool is_second = false;
        std::thread thread([&] {
          mutex.lock();
          is_second = true;
          mutex.unlock();
        });
        mutex.lock();
        assume(is_second);
        mutex.unlock();
        thread.join();
        outcome("second");
      },
      {{"second", 1}}));
}

TEST(PosixMutex, NorDoesOneThatWaitsWithADeadlineThatItMayNotMeet) {
  Options no_timeouts;
  no_timeouts.timeouts = 0;
  const Result result = explored(
      [] {
        Mutex mutex;
        sem_t never;
        sem_init(&never, 0, 0);
        bool is_second = false;
        std::thread thread([&] {
          mutex.lock();
          is_second = true;
          mutex.unlock();
        });
        mutex.lock();
        const timespec deadline = in_a_second(CLOCK_REALTIME);
        if (!is_second) sem_timedwait(&never, &deadline);
        mutex.unlock();
        thread.join();
        outcome("second");
      },
      no_timeouts);
  EXPECT_TRUE(result.found_nothing()) << result;
  EXPECT_EQ(result.outcomes, (Counts{{"second", 1}})) << result;
}

TEST(PosixMutex, NorDoesOneThatSpinsOnWhatAThirdWrites) {
  EXPECT_TRUE(counts(
      [] {
        Mutex mutex;
        std::atomic<bool> flag{false};
        std::string order;
        std::thread thread([&] {
          mutex.lock();
          order += 't';
          mutex.unlock();
        });
        std::thread writer([&] { flag.store(true); });
        mutex.lock();
        order += 'm';
        while (!flag.load()) {
        }
        mutex.unlock();
        thread.join();
        writer.join();
        outcome(order);
      },
      {{"mt", 1}, {"tm", 1}}));
}

TEST(PosixMutex, TryLockFailsWhileAnotherHasItAndOnlyThen) {
  EXPECT_TRUE(counts(
      [] {
        Mutex mutex;
        std::thread thread([&] {
          mutex.lock();
          mutex.unlock();
        });
        const int result = mutex.try_lock();
        if (result == 0) mutex.unlock();
        thread.join();
        outcome(name_of(result));
      },
      {{"locked", 2}, {"busy", 1}}));  // before the thread, or after it; between
}

TEST(PosixMutex, AFailedTryLockOrdersNothing) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      Mutex mutex;
                      int value = 0;
                      std::thread thread([&] {
                        value = 1;
                        mutex.lock();
                        mutex.unlock();
                      });
                      if (mutex.try_lock() != 0) {
                        require(value == 1);
                      } else {
                        mutex.unlock();
                      }
                      thread.join();
                    },
                    {"data race"}));
}

// Deadlines

TEST(PosixMutex, ATimedLockIsLateOnlyWhileAnotherHasIt) {
  for (const clockid_t clock : {CLOCK_REALTIME, CLOCK_MONOTONIC}) {
    EXPECT_TRUE(comes_to(
        [clock] {
          Mutex mutex;
          std::thread thread([&] {
            mutex.lock();
            mutex.unlock();
          });
          const timespec deadline = in_a_second(clock);
          const int result = clock == CLOCK_REALTIME ? mutex.timed_lock(deadline)
                                                     : mutex.clock_lock(clock, deadline);
          timespec now{};
          clock_gettime(clock, &now);
          require(result != ETIMEDOUT || now.tv_sec >= deadline.tv_sec);
          if (result == 0) mutex.unlock();
          thread.join();
          outcome(name_of(result));
        },
        {"locked", "late"}));
  }
}

TEST(PosixMutex, ATimedLockOfAFreeOneIsNeverLate) {
  EXPECT_TRUE(counts(
      [] {
        Mutex mutex;
        outcome(name_of(mutex.timed_lock({1, 0})));  // though its time has passed
        mutex.unlock();
      },
      {{"locked", 1}}));
}

TEST(PosixMutex, ATimedLockOfOnesOwnIsLate) {
  EXPECT_TRUE(counts(
      [] {
        Mutex mutex;
        mutex.lock();
        outcome(name_of(mutex.timed_lock(in_a_second(CLOCK_REALTIME))));
        mutex.unlock();
      },
      {{"late", 1}}));
}

TEST(PosixMutex, TwoWhoWaitForEachOtherWithADeadlineDoNotDeadlock) {
  const auto locks = [](bool are_timed) -> Program {
    return [are_timed] {
      Mutex a, b;
      const auto both = [&](Mutex& first, Mutex& second) {
        first.lock();
        const timespec deadline = in_a_second(CLOCK_REALTIME);
        if ((are_timed ? second.timed_lock(deadline) : second.lock()) == 0) second.unlock();
        first.unlock();
      };
      std::thread thread([&] { both(b, a); });
      both(a, b);
      thread.join();
    };
  };
  EXPECT_TRUE(passes(locks(true)));
  EXPECT_TRUE(fails(Wrong::deadlock, locks(false), {"waits for the mutex"}));
}

// Kinds

TEST(PosixMutex, ARecursiveOneIsFreeWhenUnlockedAsOftenAsLocked) {
  EXPECT_TRUE(passes([] {
    Mutex mutex(PTHREAD_MUTEX_RECURSIVE);
    int value = 0;
    std::thread thread([&] {
      mutex.lock();
      require(value != 1);  // which it is only between two unlocks
      mutex.unlock();
    });
    require(mutex.lock() == 0 && mutex.lock() == 0 && mutex.try_lock() == 0);
    value = 1;
    mutex.unlock();
    mutex.unlock();
    value = 2;
    mutex.unlock();
    thread.join();
    require(mutex.unlock() == EPERM);
  }));
}

TEST(PosixMutex, ErrorsAreToldByOneThatChecksThem) {
  EXPECT_TRUE(passes([] {
    Mutex mutex(PTHREAD_MUTEX_ERRORCHECK);
    require(mutex.unlock() == EPERM);
    mutex.lock();
    require(mutex.lock() == EDEADLK && mutex.try_lock() == EBUSY);
    std::thread([&] { require(mutex.unlock() == EPERM); }).join();
    require(mutex.unlock() == 0);
  }));
}

TEST(PosixMutex, TryLockOfOnesOwnIsBusy) {
  EXPECT_TRUE(passes([] {
    Mutex mutex;
    mutex.lock();
    require(mutex.try_lock() == EBUSY);
    mutex.unlock();
  }));
}

}  // namespace
}  // namespace lockstep::check
