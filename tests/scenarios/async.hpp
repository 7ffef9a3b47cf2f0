// tests/scenarios/async.hpp: what is under futures and tasks where two threads meet in them, as programs
// small enough to explore.
#pragma once

#include <array>
#include <optional>

#include "coroutine.hpp"
#include "lockstep/async/future.hpp"
#include "lockstep/async/task.hpp"
#include "lockstep/lock.hpp"
#include "scenario.hpp"

namespace scenarios {

struct ACallbackSeesTheResultOfItsFuture {
  static constexpr int threads = 2;
  lockstep::Future<int> future;
  Shared<int> data{0};
  Shared<int> seen{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      future.set_result(2);
    } else {
      future.add_done_callback(
          [this](const lockstep::Future<int>& done) { seen = data + done.result(); });
    }
  }
  void finish() { require(seen == 3); }
};

/// What they refer to is freed by the one that is last.
struct FuturesAreForgottenOnTwoThreads {
  static constexpr int threads = 2;
  std::array<std::optional<lockstep::Future<int>>, 2> futures;

  FuturesAreForgottenOnTwoThreads() {
    futures[0].emplace();
    futures[1] = futures[0];
    futures[0]->set_result(1);
  }
  void thread(int index) {
    std::optional<lockstep::Future<int>>& own = futures[static_cast<std::size_t>(index)];
    require(own->result() == 1);
    own.reset();
  }
};

/// Awaited by a coroutine that is nobody, the task runs on top of it, and may end on another thread
/// while that has not suspended yet.
struct ATaskEndsOnAnotherThread {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> data{0};
  Shared<int> seen{0};

  ATaskEndsOnAnotherThread() { lock.acquire(); }
  void thread(int index) {
    if (index == 0) {
      data = 1;
      lock.release();
    } else {
      await_it(*this);
    }
  }
  static lockstep::Task<int> work(ATaskEndsOnAnotherThread& self) {
    co_await self.lock.async_acquire();
    co_return self.data;
  }
  static Nobody await_it(ATaskEndsOnAnotherThread& self) { self.seen = co_await work(self); }
  void finish() { require(seen == 1); }
};

using AsyncScenarios = List<ACallbackSeesTheResultOfItsFuture, FuturesAreForgottenOnTwoThreads,
                            ATaskEndsOnAnotherThread>;

}  // namespace scenarios
