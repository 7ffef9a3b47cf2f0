// checker/runtime/idle_rounds.hpp: which rounds of loops are known to come to nothing.
//
// A thread that in this state sees this value does not write, asks for nothing and is back in this state
// at its next atomic read: so it was in some execution. What it does until then follows from its registers, its stack
// and what it saw (spin.hpp), and, as it called no hook on the way and made no plain access that is instrumented,
// from nothing else. So it does the same in every execution, and whoever knows need not try it.
//
// Here bytes on its stack that others wrote have to be the same: it may look at them.
//
// State: for each thread the states and values of such rounds. A loop that is not pure in this sense is
// never noted. Kept from one execution to the next, of one program. Bytes are compared, not hashes.
// Checked by: tests/checker/waiting_test.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/explore/strategy.hpp"
#include "checker/machine/arch.hpp"
#include "checker/runtime/spin.hpp"

namespace lockstep::check {

class IdleRounds {
 public:
  /// A round that began before an atomic read.
  struct Round {
    const Caller& caller;
    std::uintptr_t stack_top;
    Sight sight;
  };

  template <class IsAtomic>
  [[nodiscard]] bool contains(std::size_t thread, const Round& round, IsAtomic is_atomic) const {
    const auto& known = known_[thread];
    return std::any_of(known.begin(), known.end(), [&](const Known& each) {
      return each.sight == round.sight && Spin::is_same(each.caller, each.stack.data(),
                                                        round.caller, round.stack_top, is_atomic);
    });
  }

  template <class IsAtomic>
  void note(std::size_t thread, const Round& round, IsAtomic is_atomic) {
    constexpr std::size_t enough = 1000;  // of a thread: not to take all memory and time
    if (known_[thread].size() == enough || contains(thread, round, is_atomic)) return;
    const auto* const begin = reinterpret_cast<const unsigned char*>(round.caller.stack_pointer);
    const auto* const end = reinterpret_cast<const unsigned char*>(round.stack_top);
    known_[thread].push_back({round.caller, round.sight, {begin, end}});
  }

 private:
  struct Known {
    Caller caller;
    Sight sight;
    std::vector<unsigned char> stack;
  };

  std::array<std::vector<Known>, max_threads> known_;
};

}  // namespace lockstep::check
