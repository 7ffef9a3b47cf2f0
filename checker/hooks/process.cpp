// checker/hooks/process.cpp: ways to end, and what is done once or at the end of a process.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "checker/hooks/caller.hpp"
#include "checker/hooks/hook.hpp"
#include "checker/hooks/real.hpp"
#include "checker/system/once.hpp"

namespace check = lockstep::check;
using check::Hook;
using check::Order;
using check::Thread;
using check::Wrong;

#define CALL __builtin_return_address(0)

LOCKSTEP_EXPORT void __assert_fail(const char* claim, const char* file, unsigned line,
                                   const char* function) noexcept {
  if (Thread* const me = check::modelled()) {
    const Hook hook(*me, CALL);
    hook->fail(*me, Wrong::requirement, std::string("assertion failed: ") + claim);
  }
  static const auto real =
      check::real<void(const char*, const char*, unsigned, const char*)>("__assert_fail");
  real(claim, file, line, function);
  __builtin_unreachable();
}

LOCKSTEP_EXPORT void abort() noexcept {
  if (Thread* const me = check::modelled()) {
    const Hook hook(*me, CALL);
    hook->fail(*me, Wrong::aborted, "abort was called");
  }
  static const auto real = check::real<void()>("abort");
  real();
  __builtin_unreachable();
}

// They end a program that is explored as a whole, and no other.
#define END(name, before_end)                                                        \
  LOCKSTEP_EXPORT void name(int status) {                                            \
    if (Thread* const me = check::modelled()) {                                      \
      const bool is_whole = check::Execution::instance().options().is_whole_program; \
      if (is_whole) before_end(*me);                                                 \
      const Hook hook(*me, CALL);                                                    \
      if (is_whole) hook->exit(*me);                                                 \
      hook->fail(*me, Wrong::unsupported,                                            \
                 #name                                                               \
                 " would end the process that explores: return from the program "    \
                 "instead, or check all of it by `lockstep check`");                 \
    }                                                                                \
    static const auto real = check::real<void(int)>(#name);                          \
    real(status);                                                                    \
    __builtin_unreachable();                                                         \
  }
END(exit, check::Execution::destroy_thread_locals)
END(_exit, static_cast<void>)
END(_Exit, static_cast<void>)
END(quick_exit, static_cast<void>)
#undef END

// What runs at the end of the process would run once, after all executions, on memory that was put
// back: it does not run.
LOCKSTEP_EXPORT int __cxa_atexit(void (*call)(void*), void* argument, void* library) {
  if (check::modelled() != nullptr) return 0;
  static const auto real = check::real<int(void (*)(void*), void*, void*)>("__cxa_atexit");
  return real(call, argument, library);
}

// Static variables in functions. Compiled code looks whether the variable is there before it calls,
// by an atomic read of the guard: of its first byte, and then the second byte is free for the state that
// those who find it not there agree on; or, gcc on AArch64, of all of it, which then is the state.
namespace {

/// The guard of a variable: what it is in the program, and what the threads agree by.
class Guard {
 public:
  Guard(const Hook& hook, const std::uint64_t* guard)
      : hook_(hook), address_(reinterpret_cast<std::uintptr_t>(guard)) {
    is_whole_ = hook_->size_of_atomic(address_) == sizeof *guard;
  }

  [[nodiscard]] bool begin() const { return once().begin(); }
  void finish() const {
    once().finish();
    if (!is_whole_) hook_->store(hook_.me, address_, 1, Order::release, there);
  }
  void give_up() const { once().give_up(); }

 private:
  static constexpr std::uint64_t there = 1;  // what compiled code looks for
  static constexpr std::uint64_t under_way = 2;

  [[nodiscard]] check::system::Once once() const {
    const check::Object whole{address_, sizeof(std::uint64_t)}, second{address_ + 1, 1};
    return {{*hook_, hook_.me},
            is_whole_ ? whole : second,
            there,
            under_way,
            "waits for the initialization of a static variable"};
  }

  const Hook& hook_;
  std::uintptr_t address_;
  bool is_whole_;
};

/// The modelled thread that initializes a static variable of the program, or null.
Thread* initializing(const void* call) {
  Thread* const me = check::modelled();
  if (me == nullptr) return nullptr;
  const check::NativeScope native;
  return check::is_in_cxx_library(call) || check::is_in_c_library(call) ? nullptr : me;
}

}  // namespace

LOCKSTEP_EXPORT int __cxa_guard_acquire(std::uint64_t* guard) {
  if (Thread* const me = initializing(CALL)) {
    const Hook hook(*me, CALL);
    return Guard(hook, guard).begin() ? 1 : 0;
  }
  static const auto real = check::real<int(std::uint64_t*)>("__cxa_guard_acquire");
  return real(guard);
}

LOCKSTEP_EXPORT void __cxa_guard_release(std::uint64_t* guard) noexcept {
  if (Thread* const me = initializing(CALL)) {
    const Hook hook(*me, CALL);
    Guard(hook, guard).finish();
    return;
  }
  static const auto real = check::real<void(std::uint64_t*)>("__cxa_guard_release");
  real(guard);
}

LOCKSTEP_EXPORT void __cxa_guard_abort(std::uint64_t* guard) noexcept {
  if (Thread* const me = initializing(CALL)) {
    const Hook hook(*me, CALL);
    Guard(hook, guard).give_up();
    return;
  }
  static const auto real = check::real<void(std::uint64_t*)>("__cxa_guard_abort");
  real(guard);
}
