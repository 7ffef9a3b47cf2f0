// lockstep/wait/bell.hpp: a word on which many threads sleep, so that one system call wakes them all.
//
// Each waiter has a fate of its own (waiter.hpp), and whoever is alone sleeps on that. Where many wait to
// be released together, a system call for each would be most of the work; so all but the first of
// a queue sleep on a bell, and whoever has told them their fates rings it once.
//
// Why not a word of the primitive: one of those released may destroy that while another, who is
// released too but does not know it yet, is about to sleep on it. Bells are never destroyed. They are shared by
// whatever objects happen to have the same one: a stranger who is woken in vain sleeps again.
//
// State: a number of strokes, which only changes so that a sleep that has not begun does not begin.
//
// Nobody is overlooked
//   who sleeps                            who wakes
//   A  counts the strokes (2)             C  decides the fate
//   B  looks at its fate, sleeps unless   D  rings (1), wakes all
//      there is one or another stroke
//   If A sees the stroke D, B sees the fate C. Else either the kernel sees D, and B begins again; or it
//   goes to sleep before, and is woken.
//
// Orders
//   (1) release, ring     pairs with (2)
//   (2) acquire, strokes  pairs with (1)
//   Without them A could see D, but B not C, and it would sleep until the next stroke.
//
// Checked by: tests/scenarios/event.hpp, tests/scenarios/barrier.hpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <array>
#include <atomic>
#include <cstdint>

#include "lockstep/os/clock.hpp"
#include "lockstep/os/futex.hpp"

// How many bells there are, of 4 bytes each. tests/relacy, where no atomic outlives an execution, defines it as 0.
#ifndef LOCKSTEP_BELLS
#define LOCKSTEP_BELLS 256
#endif

namespace lockstep::wait {

class Bell {
 public:
  /// How often it has been rung.
  [[nodiscard]] std::uint32_t strokes() const noexcept {
    return strokes_.load(std::memory_order_acquire);  // (2)
  }

  /// Sleeps until it is rung, unless that has happened since it had been rung `heard` times; or until the
  /// instant, or for no reason. False: the kernel said that the instant has come.
  bool wait(std::uint32_t heard, os::Instant until) const noexcept {
    return os::futex_wait(strokes_, heard, until);
  }

  /// Wakes all who sleep on it.
  void ring() noexcept {
    strokes_.fetch_add(1, std::memory_order_release);  // (1)
    os::futex_wake_all(&strokes_);
  }

 private:
  os::FutexWord strokes_{0};
};

inline constinit std::array<Bell, LOCKSTEP_BELLS> bells{};

/// The bell for those who wait at the object with this address; null if there are no bells.
[[nodiscard]] inline Bell* bell_of(const void* object) noexcept {
  if constexpr (LOCKSTEP_BELLS == 0) {
    return nullptr;
  } else {
    constexpr std::uint64_t golden = 0x9e37'79b9'7f4a'7c15;  // 2^64 / golden ratio: spreads well
    const auto address = reinterpret_cast<std::uintptr_t>(object);
    return &bells[((address * golden) >> 32) % LOCKSTEP_BELLS];
  }
}

}  // namespace lockstep::wait
