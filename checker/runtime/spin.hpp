// checker/runtime/spin.hpp: tells that a thread is back where it was, having changed nothing.
//
// A thread's future depends on its registers, its stack and the memory that it reads. If at two atomic
// reads the registers and the stack are the same, and it wrote nothing in between, then what it did
// in between could as well not have been done: whatever it does from here it could have done from there.
// So it need not go on before it can see something else.
//
// What others write on its stack is memory like any other, and no part of its state: atomic objects, and bytes that another
// thread was the last to write. Else it would depend on who went first in a run what is the same state.
//
// Callee-saved registers that the code there looks at, the stack above the call, and the place of the
// call are all: the call leaves nothing else defined. Bytes are compared, not hashes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "checker/machine/arch.hpp"
#include "checker/machine/liveness.hpp"

namespace lockstep::check {

class Spin {
 public:
  /// Has the caller been in this state since the last change? Says before which of its events.
  /// `is_shared(address)`: is there a byte that others write?
  template <class IsShared>
  [[nodiscard]] std::optional<std::size_t> recurs(const Caller& caller, std::uintptr_t stack_top,
                                                  IsShared is_shared) const {
    for (auto s = states_.rbegin(); s != states_.rend(); ++s) {
      if (is_same(s->caller, bytes_.data() + s->stack, caller, stack_top, is_shared)) {
        return s->event;
      }
    }
    return std::nullopt;
  }

  /// Are these the same state: that of a caller, with a copy of its stack, and that of one at work?
  template <class IsShared>
  [[nodiscard]] static bool is_same(const Caller& then, const unsigned char* stack,
                                    const Caller& now, std::uintptr_t stack_top,
                                    IsShared is_shared) {
    if (then.program_counter != now.program_counter || then.stack_pointer != now.stack_pointer) {
      return false;
    }
    const auto* const begin = reinterpret_cast<const unsigned char*>(now.stack_pointer);
    const std::size_t size = stack_top - now.stack_pointer;
    if (!has_same_registers(then, now)) return false;
    if (std::memcmp(stack, begin, size) == 0) return true;
    for (std::size_t i = 0; i < size; ++i) {
      if (stack[i] != begin[i] && !is_shared(now.stack_pointer + i)) return false;
    }
    return true;
  }

  /// Remembers the state, before the thread's event number `event`.
  void remember(const Caller& caller, std::uintptr_t stack_top, std::size_t event) {
    constexpr std::size_t enough = std::size_t{1} << 20;  // bytes: not to take all memory and time
    const std::size_t size = stack_top - caller.stack_pointer;
    if (bytes_.size() + size > enough) changed();
    const std::size_t at = bytes_.size();
    const auto* const stack = reinterpret_cast<const unsigned char*>(caller.stack_pointer);
    bytes_.insert(bytes_.end(), stack, stack + size);
    states_.push_back({caller, at, event});
  }

  /// The registers that the code there will look at.
  [[nodiscard]] static bool has_same_registers(const Caller& a, const Caller& b) {
    if (std::memcmp(a.registers, b.registers, sizeof a.registers) == 0) return true;
    const std::uint32_t dead = dead_registers(a.program_counter);
    for (std::size_t i = 0; i < saved_registers; ++i) {
      if (a.registers[i] != b.registers[i] && (dead >> i & 1) == 0) return false;
    }
    return true;
  }

  [[nodiscard]] bool is_empty() const noexcept { return states_.empty(); }
  /// In bytes.
  [[nodiscard]] std::size_t size() const noexcept {
    return bytes_.size() + states_.size() * sizeof(State);
  }

  /// The thread changed something that is not on its stack.
  void changed() noexcept {
    if (states_.empty()) return;
    states_.clear();
    bytes_.clear();
  }

 private:
  struct State {
    Caller caller;
    std::size_t stack;  // where its bytes begin
    std::size_t event;
  };

  std::vector<State> states_;
  std::vector<unsigned char> bytes_;
};

}  // namespace lockstep::check
