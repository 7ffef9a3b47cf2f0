// lockstep/wait/alarm_service.hpp: the threads that ring alarms when they are due; one service per
// process.
//
// Roles, which any of its threads can take (all but the calls themselves happens under one lock)
//   sentry  at most one: sleeps until the first alarm is due; mostly there is just this one thread
//   ringer  at most one: takes due alarms out of the heap, one after the other, and rings them
//   idle    asleep until appointed; ends after a while
//   late    was the ringer; what it rang took too long, and the sentry took over
//
// No alarm waits long for the call of another: a ringer that leaves alarms behind first sees to it
// that there is a sentry, and a sentry that finds an alarm due, and a ringer busy with one call for
// longer than the patience, becomes the ringer. So a burst of short calls runs on one thread, and
// slow calls get a thread each. Patience is 0.1 ms, and half of that after each slow call until
// there is a short one, so that many slow calls at once start quickly.
//
// No alarm is overlooked: the sentry decides under the lock until when it sleeps, and whoever
// inserts an earlier alarm changes the sentry's word under the lock and then wakes it (the futex
// compares the word, so a wake before the sleep counts).
//
// Lifetime: never destroyed, so that static timers may outlive main; its threads are detached and
// die with the process. They block all signals. A fork leaves the child with an empty service,
// without threads: alarms of the parent are not its own.
//
// Checked by: tests/unit/timer_test.cpp, tests/unit/alarm_heap_test.cpp, tests/scenarios/timer.hpp
#pragma once

#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <cstdint>
#include <limits>
#include <new>
#include <system_error>
#include <thread>

#include "lockstep/os/clock.hpp"
#include "lockstep/os/futex.hpp"
#include "lockstep/wait/alarm_heap.hpp"
#include "lockstep/wait/deadline.hpp"
#include "lockstep/wait/permits.hpp"

namespace lockstep::wait {

class AlarmService {
 public:
  [[nodiscard]] static AlarmService& instance() noexcept;

  /// Makes sure that there is somebody to ring. Throws std::system_error if a thread is needed and
  /// cannot be had.
  void begin() {
    if (has_threads_.load(std::memory_order_relaxed) != 0) return;  // and the last never ends
    lock();
    const bool first = has_threads_.load(std::memory_order_relaxed) == 0;
    if (first) {
      has_threads_.store(1, std::memory_order_relaxed);
      expect_newborn();
    }
    unlock_quietly();
    if (!first) return;
    try {
      static const int registered =
          ::pthread_atfork(nullptr, nullptr, &AlarmService::start_anew_in_child);
      static_cast<void>(registered);
      spawn();
    } catch (...) {
      lock();
      has_threads_.store(0, std::memory_order_relaxed);
      disown_newborn();
      unlock_quietly();
      throw;
    }
  }

  // What follows is to be called between lock and unlock, which also guard what the callers keep
  // about their alarms.

  void lock() noexcept {
    if (!lock_.try_take_only()) static_cast<void>(lock_.take(Deadline::never(), {}));
  }

  /// Also sees to it that somebody will be there for the first alarm.
  void unlock() noexcept {
    Worker* const appointed = appoint();
    if (appointed == nullptr) return unlock_quietly();
    if (appointed != &newborn_) {
      const os::FutexWord* const address = &appointed->word;
      const std::uint32_t seen = appointed->word.load(std::memory_order_relaxed);
      appointed->word.store(seen + 1, std::memory_order_relaxed);
      unlock_quietly();
      return os::futex_wake_one(address);
    }
    unlock_quietly();
    try {
      spawn();
    } catch (const std::system_error&) {  // those that there are must do
      lock();
      disown_newborn();
      unlock_quietly();
    }
  }

  void insert(Alarm& alarm, std::int64_t due) noexcept { heap_.insert(alarm, due); }
  void erase(Alarm& alarm) noexcept { heap_.erase(alarm); }

  /// Changes by fork: an alarm inserted in another epoch is not in this heap. (Needs no lock.)
  [[nodiscard]] std::uint32_t epoch() const noexcept { return epoch_; }

 private:
  /// A thread of the service. Lives on its stack.
  struct Worker {
    os::FutexWord word{0};  // changed, under the lock, to tell it to look again
    Worker* next_idle = nullptr;
    bool idle = false;
  };

  static constexpr std::int64_t microsecond_ = 1'000;
  static constexpr std::int64_t full_patience_ = 100 * microsecond_;
  static constexpr std::int64_t idle_time_ = 5'000'000 * microsecond_;
  static constexpr std::int64_t at_once_ = std::numeric_limits<std::int64_t>::min();

  static std::int64_t now() noexcept { return os::nanoseconds_now(os::Instant::Clock::monotonic); }

  void unlock_quietly() noexcept { static_cast<void>(lock_.give_only()); }

  /// Until when the sentry may sleep.
  [[nodiscard]] std::int64_t sentry_time() const noexcept {
    if (heap_.empty()) return os::Instant::never_;
    const std::int64_t due = heap_.first().due();
    const std::int64_t patient = ringing_since_ + patience_;
    return ringer_ == nullptr || due > patient ? due : patient;
  }

  /// Who must be woken (or born) so that the first alarm is not overlooked; null: nobody.
  [[nodiscard]] Worker* appoint() noexcept {
    if (heap_.empty()) return nullptr;
    if (sentry_ != nullptr) {
      if (sentry_time() >= sentry_until_) return nullptr;
    } else if (idle_ != nullptr) {
      sentry_ = idle_;
      idle_ = idle_->next_idle;
      sentry_->idle = false;
    } else {
      expect_newborn();
    }
    sentry_until_ = at_once_;  // it will look for itself
    return sentry_;
  }

  void expect_newborn() noexcept {
    sentry_ = &newborn_;
    sentry_until_ = at_once_;
  }

  void disown_newborn() noexcept {
    if (sentry_ == &newborn_) sentry_ = nullptr;
  }

  /// A thread that begins as `newborn_`.
  void spawn() {
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      std::thread([this] { work(); }).detach();
    } catch (...) {
      ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
      throw;
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  /// The life of a thread of the service.
  void work() noexcept {
    ::pthread_setname_np(::pthread_self(), "lockstep-timer");
    Worker self;
    lock();
    if (sentry_ == &newborn_) sentry_ = nullptr;
    for (;;) {
      if (ringer_ == nullptr && !heap_.empty() && heap_.first().due() <= now()) {
        ring_first(self);
      } else if (sentry_ == nullptr) {
        stand_sentry(self);
      } else if (!idle(self)) {
        return unlock_quietly();
      }
    }
  }

  void ring_first(Worker& self) noexcept {
    Alarm& alarm = heap_.first();
    heap_.erase(alarm);
    ringer_ = &self;
    ringing_since_ = now();
    unlock();
    alarm.ring();
    lock();
    if (ringer_ != &self) return;
    ringer_ = nullptr;
    patience_ = full_patience_;
  }

  void stand_sentry(Worker& self) noexcept {
    sentry_ = &self;
    sentry_until_ = sentry_time();
    sleep(self, sentry_until_);
    if (sentry_ == &self) sentry_ = nullptr;
    const bool ringer_is_late = ringer_ != nullptr && now() >= ringing_since_ + patience_;
    if (ringer_is_late && !heap_.empty() && heap_.first().due() <= now()) {
      ringer_ = nullptr;
      patience_ /= 2;
    }
  }

  /// False: it was not needed for a while.
  [[nodiscard]] bool idle(Worker& self) noexcept {
    const std::int64_t until = now() + idle_time_;
    self.idle = true;
    self.next_idle = idle_;
    idle_ = &self;
    while (self.idle && now() < until) sleep(self, until);
    if (!self.idle) {
      if (sentry_ == &self) sentry_ = nullptr;
      return true;
    }
    Worker** link = &idle_;
    while (*link != &self) link = &(*link)->next_idle;
    *link = self.next_idle;
    return false;
  }

  /// Sleeps without the lock until the instant, a change of its word, or for no reason.
  void sleep(Worker& self, std::int64_t until) noexcept {
    const std::uint32_t seen = self.word.load(std::memory_order_relaxed);
    unlock_quietly();
    os::futex_wait(self.word, seen, {until});
    lock();
  }

  static void start_anew_in_child() noexcept {
    AlarmService& service = instance();
    const std::uint32_t epoch = service.epoch_ + 1;
    new (&service) AlarmService;
    service.epoch_ = epoch;
  }

  Permits lock_{1};
  AlarmHeap heap_;
  Worker* sentry_ = nullptr;
  Worker* ringer_ = nullptr;
  Worker* idle_ = nullptr;
  Worker newborn_;  // stands for a thread that has not begun
  std::int64_t sentry_until_ = 0;
  std::int64_t ringing_since_ = 0;
  std::int64_t patience_ = full_patience_;
  std::atomic<std::uint32_t> has_threads_{0};  // or one is just being made; changed under the lock
  std::uint32_t epoch_ = 0;
};

/// A place for the service whose destructor does nothing.
union AlarmServicePlace {
  constexpr AlarmServicePlace() noexcept : service() {}
  ~AlarmServicePlace() {}
  AlarmService service;
};
inline constinit AlarmServicePlace alarm_service_place;

inline AlarmService& AlarmService::instance() noexcept { return alarm_service_place.service; }

}  // namespace lockstep::wait
