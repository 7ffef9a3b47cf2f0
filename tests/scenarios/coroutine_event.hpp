// tests/scenarios/coroutine_event.hpp: what Event promises to coroutines.
#pragma once

#include <atomic>
#include <memory>
#include <stop_token>

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

struct CoroutinesOnTwoThreadsWakeEachOther {
  static constexpr int threads = 2;
  lockstep::Event asked;
  lockstep::Event answered;
  Shared<int> data{0};

  void thread(int index) { index == 0 ? ask(*this) : answer(*this); }
  static Coroutine ask(CoroutinesOnTwoThreadsWakeEachOther& self) {
    self.data = 1;
    self.asked.set();
    co_await self.answered.async_wait();
    require(self.data == 2);
    self.data = 3;
  }
  static Coroutine answer(CoroutinesOnTwoThreadsWakeEachOther& self) {
    co_await self.asked.async_wait();
    require(self.data == 1);
    self.data = 2;
    self.answered.set();
  }
  void finish() { require(data == 3); }
};

/// The one finds the flag on, or is released by one of the two, whenever the other clears it.
struct ASetAfterAPulseLeavesNoCoroutineBehind {
  static constexpr int threads = 2;
  lockstep::Event event;
  Shared<bool> released{false};

  void thread(int index) { index == 0 ? pulse_and_set(*this) : wait(*this); }
  static Coroutine pulse_and_set(ASetAfterAPulseLeavesNoCoroutineBehind& self) {
    self.event.set();
    self.event.clear();
    self.event.set();
    co_await self.event.async_wait();
  }
  static Coroutine wait(ASetAfterAPulseLeavesNoCoroutineBehind& self) {
    co_await self.event.async_wait();
    self.released = true;
  }
  void finish() { require(released && event.is_set()); }
};

struct SetReleasesAThreadAndACoroutine {
  static constexpr int threads = 3;
  lockstep::Event event;
  Shared<int> data{0};
  Shared<bool> released{false};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      event.set();
    } else if (index == 1) {
      event.wait();
      require(data == 1);
    } else {
      wait(*this);
    }
  }
  static Coroutine wait(SetReleasesAThreadAndACoroutine& self) {
    co_await self.event.async_wait();
    require(self.data == 1);
    self.released = true;
  }
  void finish() { require(released); }
};

struct ADeadlineBesideASetReleasesACoroutineOnce {
  static constexpr int threads = 2;
  lockstep::Event event;
  RungByHand clock;
  Shared<int> data{0};
  Shared<int> released{0};

  ADeadlineBesideASetReleasesACoroutineOnce() { wait(*this); }
  static Timed wait(ADeadlineBesideASetReleasesACoroutineOnce& self) {
    const bool was_set = co_await self.event.async_wait_for(brief);
    if (was_set) require(self.data == 1);
    ++self.released;
  }
  void thread(int index) {
    if (index == 1) return clock.ring_after(brief);
    data = 1;
    event.set();
  }
  void finish() { require(released == 1); }
};

struct AStopRequestBesideASetReleasesACoroutineOnce {
  static constexpr int threads = 2;
  lockstep::Event event;
  std::stop_source stop;
  Shared<int> data{0};
  Shared<int> released{0};

  AStopRequestBesideASetReleasesACoroutineOnce() { wait(*this); }
  static Coroutine wait(AStopRequestBesideASetReleasesACoroutineOnce& self) {
    const bool was_set = co_await self.event.async_wait(self.stop.get_token());
    if (was_set) require(self.data == 1);
    ++self.released;
  }
  void thread(int index) {
    if (index == 1) return static_cast<void>(stop.request_stop());
    data = 1;
    event.set();
  }
  void finish() { require(released == 1); }
};

/// Those that a set finds waiting: AE2.
struct ASetReleasesCoroutinesInTheOrderInWhichTheyCame {
  static constexpr int threads = 2;
  lockstep::Event event;
  std::atomic<unsigned> released{0};

  ASetReleasesCoroutinesInTheOrderInWhichTheyCame() {
    wait(*this, 1);
    wait(*this, 2);
  }
  static Coroutine wait(ASetReleasesCoroutinesInTheOrderInWhichTheyCame& self, unsigned turn) {
    co_await self.event.async_wait();
    const unsigned before = self.released.fetch_add(turn, std::memory_order_relaxed);
    require(turn == 4 || (before & 3) == turn - 1);
  }
  void thread(int index) { index == 0 ? event.set() : static_cast<void>(wait(*this, 4)); }
  void finish() { require(released.load(std::memory_order_relaxed) == 7); }
};

using CoroutineEventScenarios =
    List<WhatHappenedBeforeSetIsSeenByACoroutine, APulseReleasesTheCoroutineThatWaits,
         AnEventMayBeDestroyedByTheCoroutineThatItReleased, CoroutinesOnTwoThreadsWakeEachOther,
         ASetAfterAPulseLeavesNoCoroutineBehind, SetReleasesAThreadAndACoroutine,
         ADeadlineBesideASetReleasesACoroutineOnce, AStopRequestBesideASetReleasesACoroutineOnce,
         ASetReleasesCoroutinesInTheOrderInWhichTheyCame>;

}  // namespace scenarios
