// lockstep/async/thread_pool.hpp: threads for what would block a loop.
//
// A call is a future with the function in it, and a link of the pool's list: one allocation each.
// The semaphore counts calls in the list, and in the end one for each worker, which finds the list
// empty.
//
// Checked by: tests/unit/to_thread_test.cpp
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "lockstep/async/future.hpp"
#include "lockstep/async/shared.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/semaphore.hpp"

namespace lockstep {

namespace async {

/// A call that a pool is to make. Has a reference to itself until then.
class PoolCall {
 public:
  virtual void run() noexcept = 0;
  PoolCall* next = nullptr;

 protected:
  ~PoolCall() = default;
};

template <class Result, class Function, class... Args>
class PoolCallOf final : public FutureState<Result>, public PoolCall {
 public:
  template <class F, class... As>
  explicit PoolCallOf(F&& function, As&&... arguments)
      : function_(std::forward<F>(function)), arguments_(std::forward<As>(arguments)...) {}

  void run() noexcept override {
    const Ref<PoolCallOf> self = Ref<PoolCallOf>::adopt(this);
    if (this->is_done()) return;  // cancelled before it began
    try {
      if constexpr (std::is_void_v<Result>) {
        std::apply(std::move(function_), std::move(arguments_));
        this->succeed();
      } else {
        this->succeed(std::apply(std::move(function_), std::move(arguments_)));
      }
    } catch (...) {
      this->fail(std::current_exception());
    }
  }

 private:
  Function function_;
  std::tuple<Args...> arguments_;
};

}  // namespace async

/// A number of threads that make calls, in the order in which these were submitted.
///
/// The destructor waits until all calls were made. Every other call may be made on any thread.
class ThreadPool {
 public:
  /// With as many threads as the machine can run at once, or with so many, at least one. Throws
  /// std::system_error if they cannot be had.
  explicit ThreadPool(std::size_t threads = std::thread::hardware_concurrency()) {
    if (threads == 0) threads = 1;
    threads_.reserve(threads);
    try {
      while (threads_.size() < threads) threads_.emplace_back([this] { work(); });
    } catch (...) {
      join();
      throw;
    }
  }
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool() { join(); }

  /// How many threads it has.
  [[nodiscard]] std::size_t size() const noexcept { return threads_.size(); }

  /// Has `function(arguments...)` called, with decayed copies; gives a future of what that returns
  /// or throws. Cancelling the future prevents the call only if it has not begun; otherwise what it
  /// returns is dropped.
  template <class F, class... Args>
  [[nodiscard]] auto submit(F&& function, Args&&... arguments) {
    using Result = std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>;
    using Call = async::PoolCallOf<Result, std::decay_t<F>, std::decay_t<Args>...>;
    auto call = async::Ref<Call>::adopt(
        new Call(std::forward<F>(function), std::forward<Args>(arguments)...));
    Future<Result> future{async::Ref<async::FutureState<Result>>(call)};
    add(*call.release());
    return future;
  }

  /// The pool that to_thread uses unless told otherwise. It exists from the first use to the end of
  /// the process.
  [[nodiscard]] static ThreadPool& shared() {
    static ThreadPool pool;
    return pool;
  }

 private:
  void add(async::PoolCall& call) {
    {
      const std::scoped_lock guard(lock_);
      (last_ == nullptr ? first_ : last_->next) = &call;
      last_ = &call;
    }
    available_.release();
  }

  [[nodiscard]] async::PoolCall* take() {
    available_.acquire();
    const std::scoped_lock guard(lock_);
    async::PoolCall* const first = first_;
    if (first == nullptr) return nullptr;
    first_ = first->next;
    if (first_ == nullptr) last_ = nullptr;
    return first;
  }

  void work() {
    while (async::PoolCall* const call = take()) call->run();
  }

  void join() noexcept {
    if (!threads_.empty()) available_.release(static_cast<std::ptrdiff_t>(threads_.size()));
    for (std::thread& each : threads_) each.join();
  }

  Lock lock_;  // guards the list
  async::PoolCall* first_ = nullptr;
  async::PoolCall* last_ = nullptr;
  Semaphore available_{0};
  std::vector<std::thread> threads_;
};

/// `co_await` it: what `function(arguments...)` returns or throws, which a thread of the pool calls
/// meanwhile; the coroutine goes on where it belongs. If the await is cancelled, the call goes on
/// (unless it has not begun) and its result is dropped.
template <class F, class... Args>
  requires std::is_invocable_v<std::decay_t<F>, std::decay_t<Args>...>
[[nodiscard]] auto to_thread(ThreadPool& pool, F&& function, Args&&... arguments) {
  return pool.submit(std::forward<F>(function), std::forward<Args>(arguments)...);
}

/// The same, on the shared pool.
template <class F, class... Args>
  requires std::is_invocable_v<std::decay_t<F>, std::decay_t<Args>...>
[[nodiscard]] auto to_thread(F&& function, Args&&... arguments) {
  return to_thread(ThreadPool::shared(), std::forward<F>(function),
                   std::forward<Args>(arguments)...);
}

}  // namespace lockstep
