// Modelled time: what clocks show, when sleeps and waits with a deadline end.
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Clocks

TEST(Clocks, AThreadNeverSeesOneGoBack) {
  EXPECT_TRUE(passes([] {
    const auto steady = std::chrono::steady_clock::now();
    const auto system = std::chrono::system_clock::now();
    for (int i = 0; i < 100; ++i) {
      require(std::chrono::steady_clock::now() >= steady);
      require(std::chrono::system_clock::now() >= system);
    }
  }));
}

TEST(Clocks, TimePassesForWhoWaitsForItInALoop) {
  EXPECT_TRUE(counts(
      [] {
        const auto deadline = Clock::now() + 1h;
        while (Clock::now() < deadline) {
        }
        outcome("over");
      },
      {{"over", 1}}));
}

TEST(Clocks, AllGoAtTheSamePace) {
  EXPECT_TRUE(passes([] {
    const auto steady = std::chrono::steady_clock::now();
    const auto system = std::chrono::system_clock::now();
    std::this_thread::sleep_for(10s);
    require(std::chrono::steady_clock::now() - steady < 11s);
    require(std::chrono::system_clock::now() - system < 11s);
    require(std::chrono::system_clock::now() - system >= 10s);
  }));
}

TEST(Clocks, AllWaysToAskAgree) {
  EXPECT_TRUE(passes([] {
    const time_t seconds = time(nullptr);
    timeval micro{};
    gettimeofday(&micro, nullptr);
    timespec nano{};
    clock_gettime(CLOCK_REALTIME, &nano);
    timespec standard{};
    require(timespec_get(&standard, TIME_UTC) == TIME_UTC);
    const auto chrono = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    for (const time_t other : {micro.tv_sec, nano.tv_sec, standard.tv_sec, chrono}) {
      require(other >= seconds && other <= seconds + 1);
    }
  }));
}

TEST(Clocks, ExecutionsBeginAtTheSameTime) {
  EXPECT_TRUE(counts(
      [] {
        const auto begin = std::chrono::system_clock::now().time_since_epoch();
        std::this_thread::sleep_for(1s * choose(2));
        outcome(std::to_string(begin.count()));
      },
      {{std::to_string((1'800'000'000s + 1us) / 1ns), 2}}));
}

// What one thread knows of another's time

TEST(Clocks, AThreadBeginsNoEarlierThanItWasCreatedAndIsJoinedNoEarlierThanItEnded) {
  EXPECT_TRUE(passes([] {
    std::this_thread::sleep_for(1h);
    const auto created = Clock::now();
    Clock::time_point ended;
    std::thread thread([&] {
      require(Clock::now() >= created);
      std::this_thread::sleep_for(1h);
      ended = Clock::now();
    });
    thread.join();
    require(ended - created >= 1h && Clock::now() >= ended);
  }));
}

TEST(Clocks, WhoSeesAWriteIsNoEarlierThanIt) {
  EXPECT_TRUE(passes([] {
    std::atomic<bool> is_written{false};
    std::thread thread([&] {
      std::this_thread::sleep_for(1h);
      is_written.store(true, std::memory_order_relaxed);
    });
    const auto begin = Clock::now();
    if (is_written.load(std::memory_order_relaxed)) require(Clock::now() - begin >= 1h - 1s);
    thread.join();
  }));
}

TEST(Clocks, WhoDoesNotSeeItMayBe) {
  EXPECT_TRUE(comes_to(
      [] {
        std::thread thread([] { std::this_thread::sleep_for(1h); });
        const auto begin = Clock::now();
        outcome(Clock::now() - begin < 1h ? "earlier" : "later");
        thread.join();
      },
      {"earlier"}));
}

TEST(Clocks, WhoLocksAMutexIsNoEarlierThanItWasUnlocked) {
  EXPECT_TRUE(passes([] {
    std::mutex mutex;
    Clock::time_point unlocked{};
    const auto body = [&] {
      const std::scoped_lock lock(mutex);
      require(Clock::now() >= unlocked);
      std::this_thread::sleep_for(1h);
      unlocked = Clock::now();
    };
    std::thread thread(body);
    body();
    thread.join();
  }));
}

TEST(Clocks, WhoIsWokenIsNoEarlierThanWhoWoke) {
  EXPECT_TRUE(passes([] {
    std::mutex mutex;
    std::condition_variable condition;
    Clock::time_point notified{};
    std::thread thread([&] {
      std::this_thread::sleep_for(1h);
      const std::scoped_lock lock(mutex);
      notified = Clock::now();
      condition.notify_one();
    });
    {
      std::unique_lock lock(mutex);
      while (notified == Clock::time_point{}) condition.wait(lock);
      require(Clock::now() >= notified);
    }
    thread.join();
  }));
}

// Sleeps

template <class Sleep>
void check_that_it_takes(std::chrono::nanoseconds time, Sleep sleep) {
  const auto begin = Clock::now();
  sleep();
  const auto taken = Clock::now() - begin;
  require(taken >= time && taken < time + 2s);
}

TEST(Sleeps, TakeAsLongAsTheyAreTold) {
  EXPECT_TRUE(passes([] {
    check_that_it_takes(90min, [] { std::this_thread::sleep_for(90min); });
    check_that_it_takes(90min, [] { std::this_thread::sleep_until(Clock::now() + 90min); });
    check_that_it_takes(
        90min, [] { std::this_thread::sleep_until(std::chrono::system_clock::now() + 90min); });
    check_that_it_takes(5s, [] { require(sleep(5) == 0); });
    check_that_it_takes(5s, [] { require(usleep(5'000'000) == 0); });
    const timespec time{5, 1};
    check_that_it_takes(5s + 1ns, [&] { require(nanosleep(&time, nullptr) == 0); });
    check_that_it_takes(5s + 1ns,
                        [&] { require(clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nullptr) == 0); });
    timespec until{};
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 5;
    check_that_it_takes(
        4s, [&] { require(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, nullptr) == 0); });
  }));
}

TEST(Sleeps, ThatAreOverBeforeTheyBeginTakeNoTime) {
  EXPECT_TRUE(passes([] {
    check_that_it_takes(0s, [] { std::this_thread::sleep_for(-1h); });
    check_that_it_takes(0s, [] { std::this_thread::sleep_until(Clock::now() - 1h); });
  }));
}

TEST(Sleeps, OfNoTimeAreInvalid) {
  EXPECT_TRUE(passes([] {
    const timespec time{0, 1'000'000'000};
    require(nanosleep(&time, nullptr) == -1 && errno == EINVAL);
    require(clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nullptr) == EINVAL);
  }));
}

// A sleep is no synchronization: however long, the other need not have come so far.
TEST(Sleeps, OrderNothing) {
  EXPECT_TRUE(comes_to(
      [] {
        std::atomic<int> x{0};
        std::thread thread([&] { x = 1; });
        std::this_thread::sleep_for(24h);
        outcome(std::to_string(x.load()));
        thread.join();
      },
      {"0", "1"}));
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      int x = 0;
                      std::thread thread([&] { x = 1; });
                      std::this_thread::sleep_for(24h);
                      outcome(std::to_string(x));
                      thread.join();
                    },
                    {"data race"}));
}

TEST(Sleeps, AreNoEvents) {
  EXPECT_TRUE(counts(
      [] {
        std::thread thread([] { std::this_thread::sleep_for(1s); });
        std::this_thread::sleep_for(1s);
        thread.join();
        outcome("one");
      },
      {{"one", 1}}));
}

// Waits with a deadline

TEST(Deadlines, AWaitThatIsLateIsNotBeforeItsDeadlineAndNoneWaitsForEver) {
  EXPECT_TRUE(passes([] {
    std::mutex mutex;
    std::condition_variable condition;
    std::unique_lock lock(mutex);
    const auto deadline = Clock::now() + 1h;
    if (condition.wait_until(lock, deadline) == std::cv_status::timeout) {
      require(Clock::now() >= deadline);
    }
    require(!condition.wait_for(lock, 1h, [] { return false; }));
  }));
}

TEST(Deadlines, TwoWaitsInTurnTakeAsLongAsBoth) {
  EXPECT_TRUE(passes(
      [] {
        std::timed_mutex mutex;
        const std::scoped_lock lock(mutex);
        Clock::duration taken{};
        std::thread thread([&] {
          const auto begin = Clock::now();
          require(!mutex.try_lock_for(1h));
          require(!mutex.try_lock_for(1h));
          taken = Clock::now() - begin;
        });
        thread.join();
        require(taken >= 2h);
      },
      only_woken));
}

}  // namespace
}  // namespace lockstep::check
