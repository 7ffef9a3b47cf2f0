// lockstep/wait/alarm_clock.hpp: who rings the alarms of those who wait without blocking.
#pragma once

#include <cstdint>

#include "lockstep/wait/alarm_heap.hpp"
#include "lockstep/wait/alarm_service.hpp"

namespace lockstep::wait {

/// Rings alarms: the service of the process, or a scheduler that has its own means to measure time.
class AlarmClock {
 public:
  /// To be called before `start`, which may not fail. Throws if there can be no clock.
  virtual void prepare() = 0;

  /// Rings the alarm when the steady clock shows `due` (in nanoseconds), or a little later.
  virtual void start(Alarm& alarm, std::int64_t due) noexcept = 0;

  /// True: it will not ring. False: it has rung, or is about to.
  [[nodiscard]] virtual bool stop(Alarm& alarm) noexcept = 0;

 protected:
  ~AlarmClock() = default;
};

/// The service of the process, by which whoever has no other clock is woken on a thread of its own.
/// An alarm that was started before a fork never rings in the child.
class ServiceClock final : public AlarmClock {
 public:
  void prepare() override { AlarmService::instance().begin(); }

  void start(Alarm& alarm, std::int64_t due) noexcept override {
    AlarmService& service = AlarmService::instance();
    service.lock();
    alarm.set_epoch(service.epoch());
    service.insert(alarm, due);
    service.unlock();
  }

  [[nodiscard]] bool stop(Alarm& alarm) noexcept override {
    AlarmService& service = AlarmService::instance();
    service.lock();
    const bool is_of_parent = alarm.epoch() != service.epoch();
    const bool pending = !is_of_parent && alarm.is_pending();
    if (pending) service.erase(alarm);
    service.unlock();
    return pending || is_of_parent;
  }
};
inline constinit ServiceClock service_clock;

}  // namespace lockstep::wait
