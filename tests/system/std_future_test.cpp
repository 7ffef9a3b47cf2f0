// Futures, promises, tasks, and what starts them.
#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

using namespace std::chrono_literals;

TEST(Future, ItsValueAndAllThatWasBeforeItIsSeenByWhoGetsIt) {
  EXPECT_TRUE(comes_to(
      [] {
        std::promise<int> promise;
        std::future<int> future = promise.get_future();
        int before = 0;
        std::thread thread([&] {
          before = 1;
          promise.set_value(2);
        });
        const int value = future.get();
        outcome(std::to_string(before) + std::to_string(value));
        thread.join();
      },
      {"12"}));
}

TEST(Future, AnExceptionComesOutWhereTheValueWould) {
  EXPECT_TRUE(comes_to(
      [] {
        std::promise<int> promise;
        std::thread thread(
            [&] { promise.set_exception(std::make_exception_ptr(std::runtime_error("no"))); });
        try {
          outcome(std::to_string(promise.get_future().get()));
        } catch (const std::runtime_error& error) {
          outcome(error.what());
        }
        thread.join();
      },
      {"no"}));
}

TEST(Future, OfAPromiseThatWasNeverKeptSaysSo) {
  EXPECT_TRUE(comes_to(
      [] {
        std::future<int> future;
        {
          std::promise<int> promise;
          future = promise.get_future();
        }
        try {
          future.get();
        } catch (const std::future_error& error) {
          outcome(error.code() == std::future_errc::broken_promise ? "broken" : "?");
        }
      },
      {"broken"}));
}

TEST(Future, OfAPromiseThatNobodyKeepsIsWaitedForForEver) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        std::promise<void> promise;
        promise.get_future().wait();
      },
      {"thread 0"}, only_woken));
}

TEST(Future, AWaitWithADeadlineIsReadyOrLate) {
  EXPECT_TRUE(comes_to(
      [] {
        std::promise<int> promise;
        std::future<int> future = promise.get_future();
        std::thread thread([&] { promise.set_value(1); });
        const auto begin = std::chrono::steady_clock::now();
        const std::future_status status = future.wait_for(1h);
        const bool is_late = status == std::future_status::timeout;
        require(!is_late || std::chrono::steady_clock::now() - begin >= 1h);
        outcome(is_late ? "late" : status == std::future_status::ready ? "ready" : "?");
        thread.join();
      },
      {"ready", "late"}, only_woken));
}

TEST(Future, IsReadyOrNotWhenItIsAsked) {
  EXPECT_TRUE(comes_to(
      [] {
        std::promise<int> promise;
        std::future<int> future = promise.get_future();
        int before = 0;
        std::thread thread([&] {
          before = 1;
          promise.set_value(1);
        });
        const bool is_ready = future.wait_for(0s) == std::future_status::ready;
        if (is_ready) require(before == 1);
        outcome(is_ready ? "ready" : "not yet");
        thread.join();
      },
      {"ready", "not yet"}, only_woken));
}

TEST(SharedFuture, GivesAllWhoWaitTheSame) {
  EXPECT_TRUE(passes(
      [] {
        std::promise<int> promise;
        const std::shared_future<int> future = promise.get_future().share();
        std::thread a([future] { require(future.get() == 3); });
        promise.set_value(3);
        require(future.get() == 3);
        a.join();
      },
      only_woken));
}

TEST(Promise, IsKeptOnceWhoeverTries) {
  EXPECT_TRUE(comes_to(
      [] {
        std::promise<int> promise;
        int refused = 0;
        const auto keep = [&](int value) {
          try {
            promise.set_value(value);
          } catch (const std::future_error&) {
            refused = value;
          }
        };
        std::future<int> future = promise.get_future();
        std::thread thread(keep, 1);
        keep(2);
        thread.join();
        outcome("kept " + std::to_string(future.get()) + ", not " + std::to_string(refused));
      },
      {"kept 1, not 2", "kept 2, not 1"}, only_woken));
}

TEST(PackagedTask, GivesWhatItsFunctionGives) {
  EXPECT_TRUE(passes(
      [] {
        int before = 0;
        std::packaged_task<int(int)> task([&](int n) {
          before = 1;
          return n + 1;
        });
        std::future<int> future = task.get_future();
        std::thread thread(std::move(task), 4);
        require(future.get() == 5 && before == 1);
        thread.join();
      },
      only_woken));
}

TEST(Async, RunsInAThreadOfItsOwnAndItsFutureWaitsForItsEnd) {
  EXPECT_TRUE(passes(
      [] {
        int done = 0;
        {
          const auto future = std::async(std::launch::async, [&] { done = 1; });
        }
        require(done == 1);
      },
      only_woken));
}

TEST(Async, TwoOfThemMayRace) {
  EXPECT_TRUE(fails(
      Wrong::data_race,
      [] {
        int value = 0;
        const auto add = [&] { ++value; };
        auto a = std::async(std::launch::async, add);
        auto b = std::async(std::launch::async, add);
        a.get();
        b.get();
      },
      {"data race"}, only_woken));
}

TEST(Async, IfDeferredRunsWhereItsValueIsAskedFor) {
  EXPECT_TRUE(counts(
      [] {
        const auto me = std::this_thread::get_id();
        auto future = std::async(std::launch::deferred, [] { return std::this_thread::get_id(); });
        require(future.wait_for(1h) == std::future_status::deferred);
        outcome(future.get() == me ? "here" : "elsewhere");
      },
      {{"here", 1}}));
}

}  // namespace
}  // namespace lockstep::check
