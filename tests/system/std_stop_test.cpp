// Stop tokens, their callbacks, and std::jthread.
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

TEST(StopToken, WhoSeesTheRequestSeesWhatWasBeforeIt) {
  EXPECT_TRUE(comes_to(
      [] {
        std::stop_source source;
        int before = 0;
        std::thread thread([&] {
          before = 1;
          source.request_stop();
        });
        const bool is_stopped = source.get_token().stop_requested();
        if (is_stopped) require(before == 1);
        outcome(is_stopped ? "stopped" : "not yet");
        thread.join();
      },
      {"stopped", "not yet"}, only_woken));
}

TEST(StopToken, OneOfTwoRequestsIsTheFirst) {
  EXPECT_TRUE(comes_to(
      [] {
        std::stop_source source;
        bool thread_was_first = false;
        std::thread thread([&] { thread_was_first = source.request_stop(); });
        const bool main_was_first = source.request_stop();
        thread.join();
        require(thread_was_first != main_was_first);
        outcome(main_was_first ? "main" : "thread");
      },
      {"main", "thread"}, only_woken));
}

TEST(StopCallback, RunsOnceWhetherTheRequestIsBeforeOrAfterIt) {
  EXPECT_TRUE(passes(
      [] {
        std::stop_source source;
        std::atomic<int> calls{0};
        std::thread thread([&] { source.request_stop(); });
        {
          const auto count = [&] { ++calls; };
          const std::stop_callback callback(source.get_token(), count);
          thread.join();
        }
        require(calls == 1);
      },
      only_woken));
}

// It waits for one that is under way, so what the callback uses may go with it.
TEST(StopCallback, IsOverWhenItIsDestroyed) {
  EXPECT_TRUE(comes_to(
      [] {
        std::stop_source source;
        std::thread thread([&] { source.request_stop(); });
        int calls = 0;
        {
          const auto count = [&] { ++calls; };
          const std::stop_callback callback(source.get_token(), count);
        }
        outcome(std::to_string(calls));
        thread.join();
      },
      {"0", "1"}, only_woken));
}

TEST(StopCallback, MayDestroyItselfWithinTheCall) {
  EXPECT_TRUE(passes(
      [] {
        std::stop_source source;
        std::optional<std::stop_callback<std::function<void()>>> callback;
        callback.emplace(source.get_token(), [&] { callback.reset(); });
        source.request_stop();
        require(!callback.has_value());
      },
      only_woken));
}

TEST(Jthread, StopsAndJoinsWhenItIsDestroyed) {
  EXPECT_TRUE(passes(
      [] {
        int ended = 0;
        {
          const std::jthread thread([&](const std::stop_token& token) {
            while (!token.stop_requested()) {
            }
            ended = 1;
          });
        }
        require(ended == 1);
      },
      only_woken));
}

TEST(Jthread, ThatDoesNotHeedItsTokenIsWaitedForForEver) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        std::mutex mutex;
        std::condition_variable_any condition;
        const std::jthread thread([&] {
          std::unique_lock lock(mutex);
          condition.wait(lock, [] { return false; });
        });
      },
      {"waits for the end of thread 1", "waits on the condition variable"}, only_woken));
}

TEST(Jthread, AWaitWithItsTokenEnds) {
  EXPECT_TRUE(passes(
      [] {
        std::mutex mutex;
        std::condition_variable_any condition;
        const std::jthread thread([&](const std::stop_token& token) {
          std::unique_lock lock(mutex);
          require(!condition.wait(lock, token, [] { return false; }));
        });
      },
      only_woken));
}

}  // namespace
}  // namespace lockstep::check
