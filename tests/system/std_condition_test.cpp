// std::condition_variable and std::condition_variable_any.
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stop_token>
#include <thread>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

using namespace std::chrono_literals;

template <class Condition>
class AnyCondition : public testing::Test {};
using Conditions = testing::Types<std::condition_variable, std::condition_variable_any>;
TYPED_TEST_SUITE(AnyCondition, Conditions);

TYPED_TEST(AnyCondition, WhoWaitsForAPredicateSeesItComeTrue) {
  EXPECT_TRUE(passes([] {
    std::mutex mutex;
    TypeParam condition;
    int value = 0;
    std::thread thread([&] {
      {
        const std::scoped_lock lock(mutex);
        value = 1;
      }
      condition.notify_one();
    });
    {
      std::unique_lock lock(mutex);
      condition.wait(lock, [&] { return value != 0; });
      require(value == 1);
    }
    thread.join();
  }));
}

TYPED_TEST(AnyCondition, ANotificationWithoutTheStateIsLostOnWhoComesLater) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        std::mutex mutex;
        TypeParam condition;
        std::thread thread([&] { condition.notify_all(); });
        {
          std::unique_lock lock(mutex);
          condition.wait(lock);
        }
        thread.join();
      },
      {"lost wake-up"}, only_woken));
}

TYPED_TEST(AnyCondition, AWaitMayEndForNoReason) {
  EXPECT_TRUE(fails(Wrong::requirement,
                    [] {
                      std::mutex mutex;
                      TypeParam condition;
                      bool is_set = false;
                      std::thread thread([&] {
                        const std::scoped_lock lock(mutex);
                        is_set = true;
                        condition.notify_one();
                      });
                      {
                        std::unique_lock lock(mutex);
                        if (!is_set) condition.wait(lock);
                        require(is_set);
                      }
                      thread.join();
                    },
                    {"wakes for no reason"}));
}

// Two wait for the same; who notifies one of them has the other wait for ever.
TYPED_TEST(AnyCondition, NotifyAllReachesAllAndNotifyOneNot) {
  const auto program = [](bool all) -> Program {
    return [all] {
      std::mutex mutex;
      TypeParam condition;
      bool is_set = false;
      const auto await = [&] {
        std::unique_lock lock(mutex);
        condition.wait(lock, [&] { return is_set; });
      };
      std::thread a(await), b(await);
      {
        const std::scoped_lock lock(mutex);
        is_set = true;
      }
      if (all) {
        condition.notify_all();
      } else {
        condition.notify_one();
      }
      a.join();
      b.join();
    };
  };
  EXPECT_TRUE(passes(program(true), only_woken));
  EXPECT_TRUE(
      fails(Wrong::deadlock, program(false), {"waits on the condition variable"}, only_woken));
}

TYPED_TEST(AnyCondition, AWaitWithADeadlineEndsWithTheStateOrAtTheDeadline) {
  EXPECT_TRUE(comes_to(
      [] {
        std::mutex mutex;
        TypeParam condition;
        bool is_set = false;
        std::thread thread([&] {
          const std::scoped_lock lock(mutex);
          is_set = true;
          condition.notify_one();
        });
        {
          std::unique_lock lock(mutex);
          const auto begin = std::chrono::steady_clock::now();
          const bool has_come = condition.wait_for(lock, 1h, [&] { return is_set; });
          require(has_come == is_set);
          require(has_come || std::chrono::steady_clock::now() - begin >= 1h);
          outcome(has_come ? "has come" : "late");
        }
        thread.join();
      },
      {"has come", "late"}, only_woken));
}

TEST(ConditionAny, WaitsWithAnyLock) {
  EXPECT_TRUE(passes(
      [] {
        std::shared_mutex mutex;
        std::condition_variable_any condition;
        bool is_set = false;
        std::thread thread([&] {
          {
            const std::scoped_lock lock(mutex);
            is_set = true;
          }
          condition.notify_all();
        });
        {
          std::shared_lock lock(mutex);
          condition.wait(lock, [&] { return is_set; });
        }
        thread.join();
      },
      only_woken));
}

TEST(ConditionAny, AStopEndsTheWait) {
  EXPECT_TRUE(comes_to(
      [] {
        std::mutex mutex;
        std::condition_variable_any condition;
        std::stop_source source;
        std::thread thread([&] { source.request_stop(); });
        {
          std::unique_lock lock(mutex);
          const bool is_set = condition.wait(lock, source.get_token(), [] { return false; });
          outcome(is_set ? "set" : "stopped");
        }
        thread.join();
      },
      {"stopped"}, only_woken));
}

TEST(Condition, MayNotifyWhenTheThreadHasEnded) {
  EXPECT_TRUE(passes(
      [] {
        std::mutex mutex;
        std::condition_variable condition;
        bool is_set = false;
        std::thread thread([&] {
          std::unique_lock lock(mutex);
          is_set = true;
          std::notify_all_at_thread_exit(condition, std::move(lock));
        });
        {
          std::unique_lock lock(mutex);
          condition.wait(lock, [&] { return is_set; });
        }
        thread.join();
      },
      only_woken));
}

TEST(Condition, MayBeGoneOnlyWhenTheNotificationIsOver) {
  const auto program = [](bool under_the_mutex) -> Program {
    return [under_the_mutex] {
      std::mutex mutex;
      auto condition = std::make_unique<std::condition_variable>();
      bool is_set = false;
      std::thread thread([&] {
        std::unique_lock lock(mutex);
        is_set = true;
        if (!under_the_mutex) lock.unlock();
        condition->notify_one();
      });
      {
        std::unique_lock lock(mutex);
        condition->wait(lock, [&] { return is_set; });
        condition.reset();
      }
      thread.join();
    };
  };
  EXPECT_TRUE(passes(program(true), only_woken));
  const Result result = explored(program(false), only_woken);
  EXPECT_EQ(result.verdict, Verdict::failed) << result;
  EXPECT_TRUE(result.wrong == Wrong::use_after_free || result.wrong == Wrong::data_race) << result;
}

}  // namespace
}  // namespace lockstep::check
