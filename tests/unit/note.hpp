// tests/unit/note.hpp: a waiter that is no thread.
#pragma once

#include <atomic>

#include "lockstep/wait/waiter.hpp"

namespace lockstep::test {

/// Notes what it is told, and how often.
struct Note : wait::Waiter {
  Note() : Waiter(&Note::write) {}

  std::atomic<wait::Fate> fate{wait::Fate::undecided};
  std::atomic<int> wakes{0};

 private:
  static void write(wait::Waiter& waiter, wait::Fate fate) noexcept {
    auto& note = static_cast<Note&>(waiter);
    note.fate = fate;
    ++note.wakes;
  }
};

}  // namespace lockstep::test
