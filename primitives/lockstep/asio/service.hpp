// lockstep/asio/service.hpp: who waits on behalf of an execution context, and the memory for that.
//
// What Asio queues it destroys together with its context. One who waits for a primitive is in no queue
// of Asio's but in the primitive's, so this service of the context knows them all, and takes them out
// when the context shuts down.
//
// State of a PendingWait, under the service's lock
//   new      -> waiting  [add]
//   waiting  -> posted   [schedule, by whoever decided its fate; Asio has it from then on]
//   new      -> posted   [post_at_once]
//   waiting  -> doomed   [shutdown, which destroys it; one who is about to schedule it says so instead]
//
// Nobody uses a context that is gone: shutdown returns when nobody is waiting, and nobody is about to
// post to the context (posting_).
//
// Orders
//   (1) release, schedule    pairs with (2): a doomed one is not destroyed while it is being scheduled
//   (2) acquire, unschedule  pairs with (1)
//   (3) release, schedule    pairs with (4): the context is still there for the post
//   (4) acquire, shutdown    pairs with (3)
//
// Lifetime: (3), or else letting go of the lock, is schedule's last access to the service; shutdown takes
// the lock after that, and whoever had a Lock may destroy it (lock.hpp).
// Checked by: tests/unit/asio_test.cpp, tests/unit/asio_shutdown_test.cpp, tests/scenarios/asio_waits.hpp
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <mutex>

#include "lockstep/asio/binding.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/os/spin.hpp"
#include "lockstep/wait/ready.hpp"

namespace lockstep {
inline namespace LOCKSTEP_OVER_ASIO {
namespace asio_waits {

/// An executor that knows its execution context: `executor` itself, or else the system's. (use_future of
/// Asio 1.18 brings one that does not.)
template <class Executor>
[[nodiscard]] decltype(auto) with_context(const Executor& executor) noexcept {
  if constexpr (!net::execution::is_executor<Executor>::value ||
                requires { net::query(executor, net::execution::context); }) {
    return executor;
  } else {
    return net::system_executor();
  }
}

/// The execution context of an executor, of either of Asio's two models.
template <class Executor>
[[nodiscard]] net::execution_context& context_of(const Executor& executor) {
  if constexpr (net::execution::is_executor<Executor>::value) {
    return net::query(executor, net::execution::context);
  } else {
    return executor.context();
  }
}

/// One who waits, without what depends on the types of its handler and operation.
class PendingWait : public wait::Ready {
 protected:
  explicit PendingWait(void (*run)(Ready&) noexcept) noexcept : Ready(run) {}
  ~PendingWait() = default;

 private:
  friend class WaitService;

  enum class State : std::uint8_t { unlisted, waiting, posted, doomed };

  /// Gives itself to its executor. It may be gone when this returns.
  virtual void post() noexcept = 0;
  /// Ends, as if it had never come.
  virtual void destroy() noexcept = 0;

  State state_ = State::unlisted;
  std::atomic<bool> was_told_{false};
};

/// Of each execution context on which somebody waits.
class WaitService final : public net::execution_context::service {
 public:
  inline static net::execution_context::id id;

  explicit WaitService(net::execution_context& context) : service(context) {}

  /// It is about to wait. False: it cannot, the context has been shut down.
  [[nodiscard]] bool add(PendingWait& pending) noexcept {
    const std::scoped_lock guard(lock_);
    if (is_shut_) return false;
    pending.state_ = PendingWait::State::waiting;
    waiting_.push_back(pending);
    return true;
  }

  /// Posts one that was added. It may be gone when this returns.
  void schedule(PendingWait& pending) noexcept {
    {
      const std::scoped_lock guard(lock_);
      if (pending.state_ == PendingWait::State::doomed) {
        pending.was_told_.store(true, std::memory_order_release);  // (1)
        return;
      }
      waiting_.erase(pending);
      pending.state_ = PendingWait::State::posted;
      posting_.fetch_add(1, std::memory_order_relaxed);
    }
    pending.post();
    posting_.fetch_sub(1, std::memory_order_release);  // (3)
  }

  /// Posts one that was not.
  void post_at_once(PendingWait& pending) noexcept {
    pending.state_ = PendingWait::State::posted;
    pending.post();
  }

  /// It is being destroyed, and somebody has scheduled it, or is about to.
  void unschedule(PendingWait& pending) noexcept {
    if (pending.state_ == PendingWait::State::posted) return;
    for (os::Backoff backoff; !pending.was_told_.load(std::memory_order_acquire);) {  // (2)
      backoff.step();
    }
  }

  // Memory for waits, which is kept for the next ones until the context is destroyed. From any thread.

  [[nodiscard]] void* allocate(std::size_t size, std::size_t alignment) {
    const std::scoped_lock guard(lock_);
    return pool_.allocate(size, alignment);
  }
  void deallocate(void* memory, std::size_t size, std::size_t alignment) noexcept {
    const std::scoped_lock guard(lock_);
    pool_.deallocate(memory, size, alignment);
  }

 private:
  void shutdown() override {
    while (PendingWait* const pending = doom_next()) pending->destroy();
    for (os::Backoff backoff; posting_.load(std::memory_order_acquire) != 0;) {  // (4)
      backoff.step();
    }
  }

  [[nodiscard]] PendingWait* doom_next() noexcept {
    const std::scoped_lock guard(lock_);
    is_shut_ = true;
    if (waiting_.empty()) return nullptr;
    auto& next = static_cast<PendingWait&>(waiting_.pop_front());
    next.state_ = PendingWait::State::doomed;
    return &next;
  }

  Lock lock_;
  bool is_shut_ = false;
  wait::ReadyList waiting_;
  std::atomic<std::size_t> posting_{0};
  std::pmr::unsynchronized_pool_resource pool_;
};

/// Allocates from the memory of a service.
template <class T>
class PoolAllocator {
 public:
  using value_type = T;

  explicit PoolAllocator(WaitService& service) noexcept : service_(&service) {}
  template <class U>
  PoolAllocator(const PoolAllocator<U>& other) noexcept : service_(&other.service()) {}

  [[nodiscard]] T* allocate(std::size_t n) {
    return static_cast<T*>(service_->allocate(n * sizeof(T), alignof(T)));
  }
  void deallocate(T* memory, std::size_t n) noexcept {
    service_->deallocate(memory, n * sizeof(T), alignof(T));
  }

  [[nodiscard]] WaitService& service() const noexcept { return *service_; }
  template <class U>
  friend bool operator==(const PoolAllocator& one, const PoolAllocator<U>& other) noexcept {
    return &one.service() == &other.service();
  }

 private:
  WaitService* service_;
};

}  // namespace asio_waits
}  // namespace LOCKSTEP_OVER_ASIO
}  // namespace lockstep
