// tests/scenarios/coroutine_event.hpp: what Event promises to coroutines.
#pragma once

#include <memory>

#include "coroutine.hpp"
#include "lockstep/event.hpp"
#include "scenario.hpp"

namespace scenarios {

struct WhatHappenedBeforeSetIsSeenByACoroutine
    : CarriesData<WhatHappenedBeforeSetIsSeenByACoroutine> {
  lockstep::Event event;
  void announce() { event.set(); }
  auto announced() { return event.async_wait(); }
};

struct APulseReleasesTheCoroutineThatWaits {
  static constexpr int threads = 2;
  lockstep::Event event;
  lockstep::Event other;
  Shared<int> released{0};

  APulseReleasesTheCoroutineThatWaits() { wait_for_both(*this); }
  static Coroutine wait_for_both(APulseReleasesTheCoroutineThatWaits& self) {
    co_await self.event.async_wait();
    co_await self.other.async_wait();
    self.released = 1;
  }
  void thread(int index) {
    if (index == 0) {
      event.set();
      event.clear();
    } else {
      other.set();
    }
  }
  void finish() { require(released == 1); }
};

struct AnEventMayBeDestroyedByTheCoroutineThatItReleased {
  static constexpr int threads = 2;
  std::unique_ptr<lockstep::Event> event = std::make_unique<lockstep::Event>();

  void thread(int index) {
    if (index == 0) {
      event->set();
    } else {
      wait_and_destroy(event);
    }
  }
  static Coroutine wait_and_destroy(std::unique_ptr<lockstep::Event>& event) {
    co_await event->async_wait();
    event.reset();
  }
  void finish() { require(event == nullptr); }
};

using CoroutineEventScenarios =
    List<WhatHappenedBeforeSetIsSeenByACoroutine, APulseReleasesTheCoroutineThatWaits,
         AnEventMayBeDestroyedByTheCoroutineThatItReleased>;

}  // namespace scenarios
