// tests/model/histories/event.hpp: Event against a flag.
//
// A wait that succeeds does so at a moment at which the flag is on, be it for that moment only (E6); one that gives up
// has found it off. That a pulse releases all who wait at that moment is more than this, and not said here.
#pragma once

#include <ostream>

#include "coroutine.hpp"
#include "lockstep/event.hpp"
#include "lockstep/linearizability.hpp"
#include "scenario.hpp"

namespace scenarios {

struct SequentialEvent {
  bool is_on = false;

  void set() { is_on = true; }
  void clear() { is_on = false; }
  bool is_set(bool said) const { return said == is_on; }
  bool wait() const { return is_on; }
  bool operator==(const SequentialEvent&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const SequentialEvent& event) {
    return out << (event.is_on ? "on" : "off");
  }
};

/// One whose calls are recorded.
struct RecordedEvent {
  using Reference = SequentialEvent;
  lockstep::Event real;
  lockstep::check::History<Reference> history;

  void set() {
    history.call("set()", [this] { real.set(); }, &Reference::set);
  }
  void clear() {
    history.call("clear()", [this] { real.clear(); }, &Reference::clear);
  }
  void is_set() {
    history.call("is_set()", [this] { return real.is_set(); }, &Reference::is_set);
  }
  void wait() {
    history.call("wait()", [this] { real.wait(); }, &Reference::wait);
  }
  void wait_for_a_while() {
    history.call("wait_for()", [this] { return real.wait_for(brief); }, &Reference::is_set);
  }
};

inline Coroutine wait_and_look(RecordedEvent& event) {
  auto wait = event.history.invoke("async_wait()");
  co_await event.real.async_wait();
  wait.returned(&SequentialEvent::wait);
  event.is_set();
}

struct AnEventIsAFlagToTwoThreads {
  static constexpr int threads = 2;
  RecordedEvent event;

  void thread(int index) {
    if (index == 0) {
      event.set();
      event.is_set();
      event.clear();
      event.is_set();
    } else {
      event.wait_for_a_while();
      event.is_set();
      event.set();
    }
  }
  void finish() { event.is_set(); }
};

struct AnEventIsAFlagToThreeThreads {
  static constexpr int threads = 3;
  RecordedEvent event;

  void thread(int index) {
    if (index == 0) {
      event.set();
    } else if (index == 1) {
      event.wait();
      event.clear();
    } else {
      event.is_set();
      event.is_set();
    }
  }
  void finish() { event.is_set(); }
};

struct AnEventIsAFlagToThoseWhoWaitForAWhile {
  static constexpr int threads = 2;
  RecordedEvent event;

  void thread(int index) {
    if (index == 0) {
      event.set();
      event.clear();
      event.is_set();
    } else {
      event.wait_for_a_while();
      event.wait_for_a_while();
    }
  }
  void finish() { event.is_set(); }
};

struct AnEventIsAFlagToAThreadAndACoroutine {
  static constexpr int threads = 2;
  RecordedEvent event;

  void thread(int index) {
    if (index == 0) {
      event.set();
      event.clear();
      event.set();
    } else {
      wait_and_look(event);
    }
  }
  void finish() { event.is_set(); }
};

using EventHistories =
    List<AnEventIsAFlagToTwoThreads, AnEventIsAFlagToThreeThreads,
         AnEventIsAFlagToThoseWhoWaitForAWhile, AnEventIsAFlagToAThreadAndACoroutine>;

}  // namespace scenarios
