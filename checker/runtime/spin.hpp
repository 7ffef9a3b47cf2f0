// checker/runtime/spin.hpp: tells that a thread is back where it was, having changed nothing.
//
// A thread's future depends on its registers, its stack and the memory that it reads. If at two atomic
// reads the registers and the stack are the same, and it wrote nothing in between, then what it did
// in between could as well not have been done: whatever it does from here it could have done from there.
// So it need not go on before it can see something else.
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
  [[nodiscard]] std::optional<std::size_t> recurs(const Caller& caller,
                                                  std::uintptr_t stack_top) const {
    for (auto s = states_.rbegin(); s != states_.rend(); ++s) {
      if (s->caller.program_counter == caller.program_counter &&
          s->caller.stack_pointer == caller.stack_pointer &&
          has_same_registers(s->caller, caller) &&
          std::memcmp(bytes_.data() + s->stack, reinterpret_cast<const void*>(caller.stack_pointer),
                      stack_top - caller.stack_pointer) == 0) {
        return s->event;
      }
    }
    return std::nullopt;
  }

  /// Remembers the state, before the thread's event number `event`.
  void remember(const Caller& caller, std::uintptr_t stack_top, std::size_t event) {
    constexpr std::size_t enough = std::size_t{1} << 20;  // bytes: not to take all memory and time
    const std::size_t size = stack_top - caller.stack_pointer;
    if (bytes_.size() + size > enough) changed();
    const std::size_t at = bytes_.size();
    bytes_.resize(at + size);
    std::memcpy(bytes_.data() + at, reinterpret_cast<const void*>(caller.stack_pointer), size);
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
