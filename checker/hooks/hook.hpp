// checker/hooks/hook.hpp: how a hook knows whether it was called by a modelled thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "checker/runtime/execution.hpp"

namespace lockstep::check {

/// The modelled thread that runs, or null: then the hook does what the function does outside the
/// checker.
[[nodiscard]] inline Thread* modelled() noexcept {
  return reinterpret_cast<Thread*>(lockstep_current);  // its first member
}

/// A hook at work for a modelled thread, which called it from `call`.
class Hook {
 public:
  /// One whose entry is in machine/, and knows.
  explicit Hook(Thread& thread) noexcept : me(thread) {
    ++me.hooks;
    me.call = me.caller.program_counter;
    me.lowest_stack = std::min(me.lowest_stack, me.caller.stack_pointer);
  }
  Hook(Thread& thread, void* call) noexcept : me(thread) {
    ++me.hooks;
    me.call = reinterpret_cast<std::uintptr_t>(call);
  }

  /// One for a plain access, which is no step of its own (Thread::hooks).
  static Hook of_access(Thread& thread) noexcept {
    --thread.hooks;
    return Hook(thread);
  }

  Thread& me;

  [[nodiscard]] Execution& operator*() const noexcept { return Execution::instance(); }
  [[nodiscard]] Execution* operator->() const noexcept { return &Execution::instance(); }

 private:
  NativeScope native_;
};

}  // namespace lockstep::check

/// For a function that the program calls. Those in this section come back to their caller, or never:
/// machine/liveness.hpp builds on it.
#define LOCKSTEP_EXPORT extern "C" __attribute__((visibility("default"), section("lockstep_hooks")))

/// For the body of a hook whose entry is in machine/.
#define LOCKSTEP_BODY extern "C" __attribute__((visibility("hidden")))
