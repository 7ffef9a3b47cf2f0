// tests/scenarios/async.hpp: what is under futures and tasks where two threads meet in them, as programs
// small enough to explore.
#pragma once

#include <array>
#include <coroutine>
#include <cstddef>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "coroutine.hpp"
#include "lockstep/async/future.hpp"
#include "lockstep/async/gather.hpp"
#include "lockstep/async/outcome.hpp"
#include "lockstep/async/task.hpp"
#include "lockstep/condition.hpp"
#include "lockstep/error.hpp"
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

struct EveryCallbackIsCalledOnce {
  static constexpr int threads = 3;
  lockstep::Future<> future;
  Shared<int> calls[threads]{};

  void thread(int index) {
    if (index == 0) {
      future.set_result();
    } else {
      future.add_done_callback([this, index](const lockstep::Future<>&) { ++calls[index]; });
    }
  }
  void finish() { require(calls[1] == 1 && calls[2] == 1); }
};

struct OfTwoResultsAFutureTakesOne {
  static constexpr int threads = 2;
  lockstep::Future<int> future;
  Shared<int> accepted[threads]{};

  void thread(int index) {
    try {
      future.set_result(index);
      accepted[index] = 1;
    } catch (const lockstep::InvalidStateError&) {
    }
  }
  void finish() { require(accepted[0] + accepted[1] == 1 && accepted[future.result()] == 1); }
};

struct AResultThatCannotBeCopiedIsHadOnce {
  static constexpr int threads = 2;
  lockstep::Future<std::unique_ptr<int>> future;
  Shared<int> had[threads]{};

  AResultThatCannotBeCopiedIsHadOnce() { future.set_result(std::make_unique<int>(1)); }
  void thread(int index) {
    try {
      had[index] = *future.result();
    } catch (const lockstep::InvalidStateError&) {
    }
  }
  void finish() { require(had[0] + had[1] == 1); }
};

struct AResultIsSeenByAThreadThatWaitsForIt {
  static constexpr int threads = 2;
  lockstep::Future<int> future;
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      future.set_result(2);
    } else {
      future.wait();
      require(data + future.result() == 3);
    }
  }
};

struct AResultIsSeenByACoroutineThatAwaitsIt {
  static constexpr int threads = 2;
  lockstep::Future<int> future;
  Shared<int> data{0};
  Shared<int> seen{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      future.set_result(2);
    } else {
      look(*this);
    }
  }
  static Nobody look(AResultIsSeenByACoroutineThatAwaitsIt& self) {
    const int result = co_await self.future;
    self.seen = self.data + result;
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

/// One copies the result, the other takes it from a future that is, perhaps, no longer referred to by anybody else.
struct TheLastWhoHasAFutureMayTakeItsResult {
  static constexpr int threads = 2;
  struct Text {
    explicit Text(int size) : letters(size) {}
    Text(const Text&) = default;
    Text(Text&& other) noexcept : letters(std::exchange(other.letters, 0)) {}
    int letters;
  };
  std::array<std::optional<lockstep::Future<Text>>, 2> futures;
  Shared<int> seen{0};

  TheLastWhoHasAFutureMayTakeItsResult() {
    futures[0].emplace();
    futures[1] = futures[0];
    futures[0]->set_result(Text(3));
  }
  void thread(int index) {
    if (index == 0) {
      require(futures[0]->result().letters == 3);
      futures[0].reset();
    } else {
      take(*this);
    }
  }
  static Nobody take(TheLastWhoHasAFutureMayTakeItsResult& self) {
    const Text text = co_await std::move(*self.futures[1]);
    self.seen = text.letters;
  }
  void finish() { require(seen == 3); }
};

/// Nobody can make it done any more. (What is left is a leak.)
struct ACallbackThatCannotBeCalledAnyMoreIsFreed {
  static constexpr int threads = 2;
  std::array<std::optional<lockstep::Future<int>>, 2> futures;

  ACallbackThatCannotBeCalledAnyMoreIsFreed() {
    futures[0].emplace();
    futures[1] = futures[0];
  }
  void thread(int index) {
    std::optional<lockstep::Future<int>>& own = futures[static_cast<std::size_t>(index)];
    own->add_done_callback([](const lockstep::Future<int>&) { require(false); });
    own.reset();
  }
};

struct AGatheringHasWhatEachPartGave {
  static constexpr int threads = 2;
  std::array<lockstep::Future<int>, 2> parts;
  lockstep::Future<std::tuple<int, int>> all = lockstep::gather(parts[0], parts[1]);

  void thread(int index) { parts[static_cast<std::size_t>(index)].set_result(index + 1); }
  void finish() { require(all.done() && all.result() == std::tuple(1, 2)); }
};

/// Of the gathering, whatever its parts made of it; and only if the cancellation did not come too late.
struct AGatheringThatNothingEndsCanBeCancelled {
  static constexpr int threads = 1;
  lockstep::Future<int> part;
  lockstep::Future<std::tuple<int>> all = lockstep::gather(part);

  void thread(int) { require(all.cancel()); }
  void finish() { require(all.cancelled() && part.cancelled()); }
};

struct AGatheringEndsCancelledExactlyIfItCouldBeCancelled {
  static constexpr int threads = 2;
  lockstep::Future<int> part;
  lockstep::Future<std::tuple<lockstep::Outcome<int>>> all =
      lockstep::gather(lockstep::return_exceptions, part);
  Shared<bool> could{false};

  void thread(int index) {
    if (index == 0) {
      could = all.cancel();
    } else {
      try {
        part.set_result(1);
      } catch (const lockstep::InvalidStateError&) {
      }
    }
  }
  void finish() { require(all.done() && all.cancelled() == could); }
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

/// It gives up a lock as it goes to sleep; whoever gets that destroys it, before it has quite gone to sleep.
struct ATaskMayBeDestroyedWhileItGoesToSleep {
  static constexpr int threads = 1;
  struct Held {
    struct promise_type : BeginsAtOnce {
      std::suspend_always initial_suspend() noexcept { return {}; }
      std::suspend_always final_suspend() noexcept { return {}; }
      Held get_return_object() noexcept {
        return {std::coroutine_handle<promise_type>::from_promise(*this)};
      }
    };
    std::coroutine_handle<> handle;
  };
  lockstep::Lock lock;
  lockstep::BasicCondition<lockstep::Lock> condition{lock};
  std::coroutine_handle<> sleeper;
  Shared<bool> destroyed{false};

  static Held await_it(ATaskMayBeDestroyedWhileItGoesToSleep& self) { co_await sleep(self); }
  static lockstep::Task<> sleep(ATaskMayBeDestroyedWhileItGoesToSleep& self) {
    const auto held = co_await self.lock.async_scoped();
    destroy(self);
    co_await self.condition.async_wait();
  }
  static Coroutine destroy(ATaskMayBeDestroyedWhileItGoesToSleep& self) {
    co_await self.lock.async_acquire();
    self.sleeper.destroy();
    self.destroyed = true;
    self.lock.release();
  }
  void thread(int) {
    sleeper = await_it(*this).handle;
    sleeper.resume();
  }
  void finish() { require(destroyed && !lock.locked()); }
};

using AsyncScenarios =
    List<ACallbackSeesTheResultOfItsFuture, EveryCallbackIsCalledOnce, OfTwoResultsAFutureTakesOne,
         AResultThatCannotBeCopiedIsHadOnce, AResultIsSeenByAThreadThatWaitsForIt,
         AResultIsSeenByACoroutineThatAwaitsIt, FuturesAreForgottenOnTwoThreads,
         TheLastWhoHasAFutureMayTakeItsResult, ACallbackThatCannotBeCalledAnyMoreIsFreed,
         AGatheringHasWhatEachPartGave, AGatheringThatNothingEndsCanBeCancelled,
         AGatheringEndsCancelledExactlyIfItCouldBeCancelled, ATaskEndsOnAnotherThread,
         ATaskMayBeDestroyedWhileItGoesToSleep>;

}  // namespace scenarios
