// checker/hooks/process.cpp: ways to end, and what is done once or at the end of a process.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "checker/hooks/caller.hpp"
#include "checker/hooks/hook.hpp"
#include "checker/hooks/real.hpp"

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

#define REFUSE_TO_END(name)                                                              \
  LOCKSTEP_EXPORT void name(int status) {                                                \
    if (Thread* const me = check::modelled()) {                                          \
      const Hook hook(*me, CALL);                                                        \
      hook->fail(*me, Wrong::unsupported, #name " would end the process that explores"); \
    }                                                                                    \
    static const auto real = check::real<void(int)>(#name);                              \
    real(status);                                                                        \
    __builtin_unreachable();                                                             \
  }
REFUSE_TO_END(exit)
REFUSE_TO_END(_exit)
REFUSE_TO_END(_Exit)
REFUSE_TO_END(quick_exit)

// What runs at the end of the process would run once, after all executions, on memory that was put
// back: it does not run.
LOCKSTEP_EXPORT int __cxa_atexit(void (*call)(void*), void* argument, void* library) {
  if (check::modelled() != nullptr) return 0;
  static const auto real = check::real<int(void (*)(void*), void*, void*)>("__cxa_atexit");
  return real(call, argument, library);
}

// Static variables in functions. The first byte of a guard says that the variable is there (compiled
// code reads it); the second is the state that those who find it not there agree on.
namespace {

constexpr std::uint8_t untouched = 0;
constexpr std::uint8_t under_way = 1;
constexpr std::uint8_t finished = 2;

std::uintptr_t is_there(const std::uint64_t* guard) {
  return reinterpret_cast<std::uintptr_t>(guard);
}
std::uintptr_t state(const std::uint64_t* guard) { return is_there(guard) + 1; }

/// True: it falls to the caller to initialize the variable. False: another one has.
bool begin_initialization(const Hook& hook, const std::uint64_t* guard) {
  check::Update begin;
  begin.operation = check::Operation::compare_exchange;
  begin.order = Order::acquire;
  begin.failure = Order::acquire;
  begin.size = 1;
  begin.expected = untouched;
  begin.operand = under_way;
  for (;;) {
    hook.me.spin.changed();  // this is no loop of the program's, and waits by itself
    const std::size_t before = hook.me.done;
    const check::Seen seen = hook->update(hook.me, state(guard), begin);
    hook.me.spin.changed();
    if (seen.wrote) return true;
    if (seen.value == finished) return false;
    hook->wait_for_change(hook.me, before, "waits for the initialization of a static variable");
  }
}

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
    return begin_initialization(hook, guard) ? 1 : 0;
  }
  static const auto real = check::real<int(std::uint64_t*)>("__cxa_guard_acquire");
  return real(guard);
}

LOCKSTEP_EXPORT void __cxa_guard_release(std::uint64_t* guard) noexcept {
  if (Thread* const me = initializing(CALL)) {
    const Hook hook(*me, CALL);
    hook->store(*me, state(guard), 1, Order::release, finished);
    hook->store(*me, is_there(guard), 1, Order::release, 1);
    return;
  }
  static const auto real = check::real<void(std::uint64_t*)>("__cxa_guard_release");
  real(guard);
}

LOCKSTEP_EXPORT void __cxa_guard_abort(std::uint64_t* guard) noexcept {
  if (Thread* const me = initializing(CALL)) {
    const Hook hook(*me, CALL);
    hook->store(*me, state(guard), 1, Order::release, untouched);
    return;
  }
  static const auto real = check::real<void(std::uint64_t*)>("__cxa_guard_abort");
  real(guard);
}
