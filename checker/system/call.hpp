// checker/system/call.hpp: a call of the modelled system, by one of the program's threads.
//
// The models in this folder are written as the system is: as reads and changes of atomic objects, which
// the strategy decides about like any of the program's own. What they keep beside these belongs to one thread
// and follows from what that thread did.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "checker/runtime/execution.hpp"

namespace lockstep::check::system {

/// The execution and the thread that calls.
struct Call {
  Execution& execution;
  Thread& me;

  [[noreturn]] void misuse(const std::string& what) const {
    execution.fail(me, Wrong::misuse, what);
  }
  [[noreturn]] void refuse(const std::string& what) const {
    execution.fail(me, Wrong::unsupported, what);
  }

  /// Says that an object is used which is no atomic one: it must be there, and nobody write to it.
  void use(const void* object, std::size_t size) const {
    execution.plain(me, reinterpret_cast<std::uintptr_t>(object), size, false);
  }
  /// An object is made or destroyed here.
  void overwrite(const void* object, std::size_t size) const {
    execution.plain(me, reinterpret_cast<std::uintptr_t>(object), size, true);
  }

  [[nodiscard]] Held* held(std::uintptr_t object) const noexcept {
    const auto found = std::find_if(me.held.begin(), me.held.end(),
                                    [&](const Held& held) { return held.object == object; });
    return found == me.held.end() ? nullptr : &*found;
  }
  void take(std::uintptr_t object, bool is_shared = false) const {
    const EventId since{static_cast<std::uint16_t>(me.id), static_cast<std::uint16_t>(me.done - 1)};
    me.held.push_back({object, since, 1, is_shared});
  }
  void give_up(const Held& held) const {
    me.held.erase(me.held.begin() + (&held - me.held.data()));
  }
};

}  // namespace lockstep::check::system
