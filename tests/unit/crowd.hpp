// tests/unit/crowd.hpp: threads that want the same thing. In a line, each knows its place; a crowd asks for it in every way
// that there is, and often gives up.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <random>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "threads.hpp"

namespace lockstep::test {

/// Threads that fall asleep one after the other because they want `thing`, of which there is one. Each releases it as soon
/// as it has it.
template <class T>
class Line {
 public:
  explicit Line(T& thing) : thing_(thing) {}

  /// Adds a thread at the end, and returns when it is asleep.
  BlockedThread& join(std::stop_token stop = {}) {
    const int number = static_cast<int>(threads_.size());
    threads_.emplace_back([this, number, stop = std::move(stop)] {
      if (!thing_.acquire(stop)) return;
      order_.push_back(number);
      thing_.release();
    });
    threads_.back().wait_until_asleep();
    return threads_.back();
  }

  /// Waits until all have ended. The numbers of those that had it, in that order.
  [[nodiscard]] const std::vector<int>& order() {
    threads_.clear();
    return order_;
  }

 private:
  T& thing_;
  std::vector<int> order_;  // whoever has `thing_` may change it
  std::deque<BlockedThread> threads_;
};

/// A stop that is requested over and over: whoever waits takes a new token each time.
class RecurringStop {
 public:
  std::stop_token next() {
    const std::scoped_lock guard(mutex_);
    source_ = std::stop_source{};
    return source_.get_token();
  }
  void request() {
    std::unique_lock guard(mutex_);
    std::stop_source source = source_;
    guard.unlock();
    source.request_stop();
  }

 private:
  std::mutex mutex_;
  std::stop_source source_;
};

/// Asks for `thing` in one of the ways.
template <class T>
bool ask(T& thing, std::minstd_rand& random, const std::stop_token& stop) {
  const std::chrono::microseconds soon(random() % 100);
  switch (random() % 6) {
    case 0:
      thing.acquire();
      return true;
    case 1:
      return thing.try_acquire();
    case 2:
      return thing.try_acquire_for(soon);
    case 3:
      return thing.try_acquire_until(std::chrono::system_clock::now() + soon, stop);
    case 4:
      return thing.acquire(stop);
    default:
      return thing.try_acquire_for(std::chrono::hours::max(), stop);
  }
}

/// Lets four threads ask for `thing`, and whoever gets it call `have` and release it. Returns how often that was.
template <class T, class Have>
long crowd(T& thing, Have have) {
  constexpr int rounds = sanitized ? 1'000 : 10'000;
  std::array<RecurringStop, 4> stops;
  std::atomic<long> successes{0};
  const auto member = [&](std::size_t number) {
    std::minstd_rand random(static_cast<unsigned>(number + 1));
    for (int round = 0; round < rounds; ++round) {
      if (!ask(thing, random, stops[number].next())) continue;
      have();
      if (random() % 8 == 0) std::this_thread::yield();
      thing.release();
      successes.fetch_add(1, std::memory_order_relaxed);
    }
  };
  const std::jthread stopper([&](const std::stop_token& end) {
    while (!end.stop_requested()) {
      for (RecurringStop& stop : stops) stop.request();
      std::this_thread::yield();
    }
  });
  std::vector<std::jthread> members;
  for (std::size_t i = 0; i < stops.size(); ++i) members.emplace_back(member, i);
  for (std::jthread& each : members) each.join();
  return successes.load();
}

}  // namespace lockstep::test
