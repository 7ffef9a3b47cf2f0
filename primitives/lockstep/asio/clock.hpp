// lockstep/asio/clock.hpp: a deadline that Asio watches, so that it takes no thread of Lockstep's.
//
// Asio may have queued the timer's handler already when the wait ends for another reason. So what the
// handler finds is not the wait but a Ring, which both have a share in and whose alarm `stop` takes out.
//
// Checked by: tests/unit/asio_test.cpp
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "lockstep/asio/binding.hpp"
#include "lockstep/asio/service.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/wait/alarm_clock.hpp"
#include "lockstep/wait/alarm_heap.hpp"

namespace lockstep {
inline namespace LOCKSTEP_OVER_ASIO {
namespace asio_waits {

/// The alarm clock of one wait: a timer on the executor of its handler.
template <class Executor>
class TimerClock final : public wait::AlarmClock {
 public:
  TimerClock(const Executor& executor, WaitService& service) noexcept
      : executor_(with_context(executor)), service_(service) {}

  void prepare() override {
    timer_.emplace(executor_);
    ring_ = std::allocate_shared<Ring>(PoolAllocator<Ring>(service_));
  }

  void start(wait::Alarm& alarm, std::int64_t due) noexcept override {
    using Clock = std::chrono::steady_clock;
    const std::scoped_lock guard(ring_->lock);
    ring_->alarm = &alarm;
    timer_->expires_at(Clock::time_point(std::chrono::nanoseconds(due)));
    timer_->async_wait(OnTime(ring_, service_));
  }

  [[nodiscard]] bool stop(wait::Alarm&) noexcept override {
    const std::scoped_lock guard(ring_->lock);
    if (std::exchange(ring_->alarm, nullptr) == nullptr) return false;
    timer_->cancel();
    return true;
  }

 private:
  struct Ring {
    Lock lock;  // also of the timer, which `start` may use while another thread calls `stop`
    wait::Alarm* alarm = nullptr;  // the one that is to ring
  };

  class OnTime {
   public:
    using allocator_type = PoolAllocator<void>;
    OnTime(std::shared_ptr<Ring> ring, WaitService& service) noexcept
        : ring_(std::move(ring)), allocator_(service) {}

    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_; }

    void operator()(NetError) const noexcept {
      if (wait::Alarm* const alarm = take_alarm()) alarm->ring();
    }

   private:
    [[nodiscard]] wait::Alarm* take_alarm() const noexcept {
      const std::scoped_lock guard(ring_->lock);
      return std::exchange(ring_->alarm, nullptr);
    }

    std::shared_ptr<Ring> ring_;
    allocator_type allocator_;
  };

  using Own = decltype(with_context(std::declval<const Executor&>()));
  using Timer =
      net::basic_waitable_timer<std::chrono::steady_clock,
                                net::wait_traits<std::chrono::steady_clock>, std::decay_t<Own>>;

  Own executor_;
  WaitService& service_;
  std::optional<Timer> timer_;
  std::shared_ptr<Ring> ring_;
};

}  // namespace asio_waits
}  // namespace LOCKSTEP_OVER_ASIO
}  // namespace lockstep
