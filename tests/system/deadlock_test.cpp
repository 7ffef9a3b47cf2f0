// What is said of threads that wait for ever: who holds what since when, and which wake went by.
#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>

#include "futex_calls.hpp"
#include "outcomes.hpp"

namespace lockstep::check {
namespace {

// Locks in a circle

TEST(Deadlocks, OfTwoLocksTakenInTwoOrdersSaysWhoHasWhatSinceWhen) {
  const Program program = [] {
    std::mutex a, b;
    std::thread thread([&] {
      b.lock();
      a.lock();
      a.unlock();
      b.unlock();
    });
    a.lock();  // main
    b.lock();  // main
    b.unlock();
    a.unlock();
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::deadlock, program,
                    {"deadlock", "thread 0 waits for the mutex", "thread 1 waits for the mutex",
                     "which thread 0 has since #", "which thread 1 has since #",
                     LINE_OF("a.lock();  // main"), LINE_OF("b.lock();  // main")}));
}

TEST(Deadlocks, OfThreeInACircleNamesAllThree) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        std::mutex forks[3];
        const auto eat = [&](int seat) {
          const std::scoped_lock first(forks[seat]);
          const std::scoped_lock second(forks[(seat + 1) % 3]);
        };
        std::thread a(eat, 1), b(eat, 2);
        eat(0);
        a.join();
        b.join();
      },
      {"which thread 0 has since #", "which thread 1 has since #", "which thread 2 has since #"}));
}

TEST(Deadlocks, OneOrderForAllIsNone) {
  EXPECT_TRUE(passes([] {
    std::mutex a, b;
    const auto body = [&] {
      const std::scoped_lock first(a);
      const std::scoped_lock second(b);
    };
    std::thread thread(body);
    body();
    thread.join();
  }));
}

// They back off and try again, as often as you like: there is no last execution.
TEST(Deadlocks, BothAtOnceIsNoneInWhicheverOrder) {
  Options options;
  options.max_events = 40;
  const Result result = explored(
      [] {
        std::mutex a, b;
        std::thread thread([&] { const std::scoped_lock both(b, a); });
        {
          const std::scoped_lock both(a, b);
        }
        thread.join();
      },
      options);
  EXPECT_TRUE(result.found_nothing()) << result;
  EXPECT_GT(result.executions, 2u) << result;
}

TEST(Deadlocks, OfAMutexThatWasNeverUnlocked) {
  EXPECT_TRUE(fails(Wrong::deadlock,
                    [] {
                      std::mutex mutex;
                      std::thread thread([&] { mutex.lock(); });
                      thread.join();
                      mutex.lock();
                    },
                    {"thread 0 waits for the mutex", "which thread 1 has since #"}));
}

TEST(Deadlocks, OfALockAndAJoin) {
  EXPECT_TRUE(fails(Wrong::deadlock,
                    [] {
                      std::mutex mutex;
                      std::thread thread([&] { const std::scoped_lock lock(mutex); });
                      const std::scoped_lock lock(mutex);
                      thread.join();
                    },
                    {"thread 0 waits for the end of thread 1", "thread 1 waits for the mutex",
                     "which thread 0 has since #"}));
}

TEST(Deadlocks, OfReadersWhoBothWantToWrite) {
  EXPECT_TRUE(fails(Wrong::deadlock,
                    [] {
                      pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
                      const auto upgrade = [&] {
                        pthread_rwlock_rdlock(&lock);
                        pthread_rwlock_wrlock(&lock);
                      };
                      std::thread thread(upgrade);
                      upgrade();
                      thread.join();
                    },
                    {"waits to write under the lock", "which thread 0 has since #",
                     "which thread 1 has since #"}));
}

// A wake that went by

TEST(LostWakeUps, OfAConditionVariableNameTheNotification) {
  const Program program = [] {
    std::mutex mutex;
    std::condition_variable condition;
    std::thread thread([&] { condition.notify_one(); });
    {
      std::unique_lock lock(mutex);
      condition.wait(lock);
    }
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::deadlock, program,
                    {"lost wake-up", "waits on the condition variable", "signals",
                     LINE_OF("condition.notify_one()")},
                    only_woken));
}

TEST(LostWakeUps, OfAFutexNameTheWakeThatCameTooEarly) {
  const Program program = [] {
    Word word{0};
    std::thread thread([&] {
      wake(word, 1);
      word.store(1);
    });
    while (word.load() == 0) wait(word, 0);
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::deadlock, program, {"lost wake-up", "sleeps on the futex", "futex wake"},
                    only_woken));
}

TEST(LostWakeUps, AreNotBlamedForWhatWasNeverToCome) {
  const Result result = explored(
      [] {
        const Word word{0};
        wait(word, 0);
      },
      only_woken);
  EXPECT_EQ(result.wrong, Wrong::deadlock) << result;
  EXPECT_EQ(result.report.find("lost wake-up"), std::string::npos) << result;
}

// Other waits

TEST(Deadlocks, OfASemaphoreThatNobodyReleases) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        std::promise<int> promise;
        auto future = promise.get_future();
        std::thread thread([&] { future.wait(); });
        thread.join();
      },
      {"thread 0 waits for the end of thread 1", "thread 1"}, only_woken));
}

TEST(Deadlocks, OfAThreadThatIsJoinedUnderTheLockThatItNeedsAreFoundWhoeverIsFirst) {
  const auto program = [](bool unlocks_first) -> Program {
    return [unlocks_first] {
      std::shared_mutex mutex;
      std::unique_lock lock(mutex);
      std::thread thread([&] { const std::shared_lock mine(mutex); });
      if (unlocks_first) lock.unlock();
      thread.join();
    };
  };
  EXPECT_TRUE(passes(program(true)));
  EXPECT_TRUE(fails(Wrong::deadlock, program(false), {"waits to read under the lock"}));
}

// The first execution leaves the first thread in a wait with a deadline.
TEST(Deadlocks, AreFoundAfterAnExecutionInWhichTheThreadWaitedWithADeadline) {
  Options options = only_woken;
  options.timeouts = 0;
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        std::mutex mutex;
        std::condition_variable never;
        const int way = choose(2);
        std::thread thread([&] {
          std::unique_lock lock(mutex);
          if (way == 1) never.wait(lock);
        });
        if (way == 0) {
          std::unique_lock lock(mutex);
          never.wait_for(lock, std::chrono::seconds(1));
        }
        thread.join();
      },
      {"waits on the condition variable"}, options));
}

}  // namespace
}  // namespace lockstep::check
