// tests/unit/withheld.hpp: any primitive that one waits for, made such that one has to: for tests of what holds for all.
#pragma once

#include <gtest/gtest.h>

#include <stop_token>
#include <string>
#include <type_traits>

#include "lockstep/bounded_semaphore.hpp"
#include "lockstep/event.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/rlock.hpp"
#include "lockstep/semaphore.hpp"

namespace lockstep::test {

/// A lock that the constructing thread holds, or a semaphore whose one permit it has. Others can have it after `give`,
/// which is for the same thread to call.
template <class T>
class Withheld {
 public:
  Withheld() { thing_.acquire(); }

  void give() { thing_.release(); }
  [[nodiscard]] bool is_given() const { return !thing_.locked(); }

  void take() { thing_.acquire(); }
  [[nodiscard]] bool take(const std::stop_token& stop) { return thing_.acquire(stop); }
  template <class... Bounds>
  [[nodiscard]] bool take_for(const Bounds&... bounds) {
    return thing_.try_acquire_for(bounds...);
  }
  template <class... Bounds>
  [[nodiscard]] bool take_until(const Bounds&... bounds) {
    return thing_.try_acquire_until(bounds...);
  }

 private:
  T thing_;
};

/// An event that is not set.
template <>
class Withheld<Event> {
 public:
  void give() { event_.set(); }
  [[nodiscard]] bool is_given() const { return event_.is_set(); }

  void take() { event_.wait(); }
  [[nodiscard]] bool take(const std::stop_token& stop) { return event_.wait(stop); }
  template <class... Bounds>
  [[nodiscard]] bool take_for(const Bounds&... bounds) {
    return event_.wait_for(bounds...);
  }
  template <class... Bounds>
  [[nodiscard]] bool take_until(const Bounds&... bounds) {
    return event_.wait_until(bounds...);
  }

 private:
  Event event_;
};

using EveryPrimitive = testing::Types<Lock, RLock, Semaphore, BoundedSemaphore, Event>;

struct PrimitiveName {
  template <class T>
  static std::string GetName(int) {
    if (std::is_same_v<T, Lock>) return "Lock";
    if (std::is_same_v<T, RLock>) return "RLock";
    if (std::is_same_v<T, Semaphore>) return "Semaphore";
    if (std::is_same_v<T, BoundedSemaphore>) return "BoundedSemaphore";
    return "Event";
  }
};

}  // namespace lockstep::test
