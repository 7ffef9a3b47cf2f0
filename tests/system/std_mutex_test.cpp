// The mutexes of the C++ library, and what locks several.
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <system_error>
#include <thread>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

using namespace std::chrono_literals;

/// Two threads add to one number, each under the lock.
template <class Mutex>
Program counting(Mutex*) {
  return [] {
    Mutex mutex;
    std::string order;
    const auto body = [&](char name) {
      const std::scoped_lock lock(mutex);
      order += name;
    };
    std::thread thread(body, 'b');
    body('a');
    thread.join();
    outcome(order);
  };
}

template <class Mutex>
class AnyMutex : public testing::Test {};
using Mutexes =
    testing::Types<std::mutex, std::recursive_mutex, std::timed_mutex, std::recursive_timed_mutex,
                   std::shared_mutex, std::shared_timed_mutex>;
TYPED_TEST_SUITE(AnyMutex, Mutexes);

TYPED_TEST(AnyMutex, HasOneHolderAtATimeAndThereIsAnExecutionForEachOrder) {
  EXPECT_TRUE(counts(counting(static_cast<TypeParam*>(nullptr)), {{"ab", 1}, {"ba", 1}}));
}

TYPED_TEST(AnyMutex, IsTriedInVainWhileAnotherHasItAndOnlyThen) {
  EXPECT_TRUE(comes_to(
      [] {
        TypeParam mutex;
        std::thread thread([&] { const std::scoped_lock lock(mutex); });
        {
          const std::unique_lock lock(mutex, std::try_to_lock);
          outcome(lock.owns_lock() ? "locked" : "busy");
        }
        thread.join();
      },
      {"locked", "busy"}));
}

TYPED_TEST(AnyMutex, OrdersNothingWithAnother) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      TypeParam a, b;
                      int value = 0;
                      std::thread thread([&] {
                        const std::scoped_lock lock(a);
                        ++value;
                      });
                      {
                        const std::scoped_lock lock(b);
                        ++value;
                      }
                      thread.join();
                      outcome(std::to_string(value));
                    },
                    {"data race"}));
}

template <class Mutex>
class AnyTimedMutex : public testing::Test {};
using TimedMutexes =
    testing::Types<std::timed_mutex, std::recursive_timed_mutex, std::shared_timed_mutex>;
TYPED_TEST_SUITE(AnyTimedMutex, TimedMutexes);

TYPED_TEST(AnyTimedMutex, IsWaitedForUntilTheDeadlineByEitherClock) {
  EXPECT_TRUE(comes_to(
      [] {
        TypeParam mutex;
        std::thread thread([&] { const std::scoped_lock lock(mutex); });
        const auto begin = std::chrono::steady_clock::now();
        const bool is_locked = mutex.try_lock_for(1h);
        require(is_locked || std::chrono::steady_clock::now() - begin >= 1h);
        if (is_locked) mutex.unlock();
        const auto deadline = std::chrono::system_clock::now() + 1h;
        const bool is_locked_again = mutex.try_lock_until(deadline);
        require(is_locked_again || std::chrono::system_clock::now() >= deadline);
        if (is_locked_again) mutex.unlock();
        thread.join();
        outcome(std::to_string(is_locked) + std::to_string(is_locked_again));
      },
      {"00", "01", "10", "11"}));
}

TEST(RecursiveMutex, MayBeLockedAgainByItsHolderAndNotByAnother) {
  EXPECT_TRUE(passes([] {
    std::recursive_mutex mutex;
    mutex.lock();
    mutex.lock();
    std::thread([&] { require(!mutex.try_lock()); }).join();
    mutex.unlock();
    std::thread([&] { require(!mutex.try_lock()); }).join();
    mutex.unlock();
    std::thread([&] {
      require(mutex.try_lock());
      mutex.unlock();
    }).join();
  }));
}

TEST(StdMutex, LockedTwiceByOneThreadIsMisuse) {
  EXPECT_TRUE(fails(Wrong::misuse,
                    [] {
                      std::mutex mutex;
                      mutex.lock();
                      mutex.lock();
                    },
                    {"locks a mutex that it has"}));
}

TEST(StdMutex, UnlockedByAnotherThreadIsMisuse) {
  EXPECT_TRUE(fails(Wrong::misuse,
                    [] {
                      std::mutex mutex;
                      mutex.lock();
                      std::thread([&] { mutex.unlock(); }).join();
                    },
                    {"unlocks a mutex that it does not have", "thread 1"}));
}

TEST(SharedMutex, ReadersShareAndAWriterWaitsForThem) {
  EXPECT_TRUE(passes([] {
    std::shared_mutex mutex;
    std::shared_lock mine(mutex);
    std::thread([&] {
      const std::shared_lock lock(mutex, std::try_to_lock);
      require(lock.owns_lock());
    }).join();
    std::thread([&] { require(!mutex.try_lock()); }).join();
    mine.unlock();
    require(mutex.try_lock());
    std::thread([&] { require(!mutex.try_lock_shared()); }).join();
    mutex.unlock();
  }));
}

TEST(SharedMutex, ReadersSeeWhatAWriterWroteWholeOrNotAtAll) {
  EXPECT_TRUE(comes_to(
      [] {
        std::shared_mutex mutex;
        int a = 0, b = 0;
        std::thread writer([&] {
          const std::scoped_lock lock(mutex);
          a = 1;
          b = 1;
        });
        {
          const std::shared_lock lock(mutex);
          outcome(std::to_string(a) + std::to_string(b));
        }
        writer.join();
      },
      {"00", "11"}));
}

TEST(ScopedLock, OfSeveralLocksAllOfThem) {
  EXPECT_TRUE(passes([] {
    std::mutex a, b;
    int value = 0;
    const auto body = [&] {
      const std::scoped_lock lock(a, b);
      ++value;
    };
    std::thread thread(body);
    body();
    thread.join();
    require(value == 2);
  }));
}

TEST(UniqueLock, SaysWhatIsWrongWithItself) {
  EXPECT_TRUE(passes([] {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    bool has_thrown = false;
    try {
      lock.lock();
    } catch (const std::system_error& error) {
      has_thrown = error.code() == std::errc::resource_deadlock_would_occur;
    }
    require(has_thrown);
  }));
}

// An exception leaves through the guard, and the next has the mutex.
TEST(ScopedLock, AnExceptionUnlocks) {
  EXPECT_TRUE(passes([] {
    std::mutex mutex;
    const auto body = [&] {
      try {
        const std::scoped_lock lock(mutex);
        throw 5;
      } catch (int) {
      }
    };
    std::thread thread(body);
    body();
    thread.join();
  }));
}

}  // namespace
}  // namespace lockstep::check
