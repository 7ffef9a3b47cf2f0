#include "checker/machine/arch.hpp"

#include <sys/auxv.h>
#include <ucontext.h>

namespace lockstep::check {

__thread Caller* lockstep_current = nullptr;

extern "C" void lockstep_context_start();

#if defined(__x86_64__)

Context make_context(void* top, void (*start)(void*), void* argument) noexcept {
  // As lockstep_switch leaves it: where to go on, r15 r14 r13 r12 rbx rbp. The stack pointer is a
  // multiple of 16 when lockstep_context_start begins.
  auto* const stack = reinterpret_cast<std::uintptr_t*>(reinterpret_cast<std::uintptr_t>(top) &
                                                        ~std::uintptr_t{15}) -
                      2 - 7;
  for (std::size_t i = 0; i < 9; ++i) stack[i] = 0;
  stack[0] = reinterpret_cast<std::uintptr_t>(&lockstep_context_start);
  stack[3] = reinterpret_cast<std::uintptr_t>(argument);
  stack[4] = reinterpret_cast<std::uintptr_t>(start);
  // 9 words below a multiple of 16; 7 are taken off before the start.
  return {stack};
}

bool can_set_thread_pointer() noexcept {
  constexpr unsigned long fsgsbase = 1UL << 1;  // HWCAP2_FSGSBASE, since Linux 5.9
  return (getauxval(AT_HWCAP2) & fsgsbase) != 0;
}

std::uintptr_t program_counter(const void* signal_context) noexcept {
  return static_cast<std::uintptr_t>(
      static_cast<const ucontext_t*>(signal_context)->uc_mcontext.gregs[REG_RIP]);
}

void resume_in(void* signal_context, void (*target)(), std::uintptr_t top) noexcept {
  auto& registers = static_cast<ucontext_t*>(signal_context)->uc_mcontext.gregs;
  registers[REG_RSP] =
      static_cast<greg_t>(((top - 256) & ~std::uintptr_t{15}) - 8);  // as after calls
  registers[REG_RIP] = reinterpret_cast<greg_t>(target);
}

#elif defined(__aarch64__)

Context make_context(void* top, void (*start)(void*), void* argument) noexcept {
  auto* const stack = reinterpret_cast<std::uintptr_t*>(reinterpret_cast<std::uintptr_t>(top) &
                                                        ~std::uintptr_t{15}) -
                      20;
  for (std::size_t i = 0; i < 20; ++i) stack[i] = 0;
  stack[0] = reinterpret_cast<std::uintptr_t>(start);
  stack[1] = reinterpret_cast<std::uintptr_t>(argument);
  stack[11] = reinterpret_cast<std::uintptr_t>(&lockstep_context_start);  // x30
  return {stack};
}

bool can_set_thread_pointer() noexcept { return true; }

std::uintptr_t program_counter(const void* signal_context) noexcept {
  return static_cast<const ucontext_t*>(signal_context)->uc_mcontext.pc;
}

void resume_in(void* signal_context, void (*target)(), std::uintptr_t top) noexcept {
  auto& machine = static_cast<ucontext_t*>(signal_context)->uc_mcontext;
  machine.sp = (top - 256) & ~15ULL;  // as if calls were under way
  machine.pc = reinterpret_cast<std::uint64_t>(target);
}

#endif

}  // namespace lockstep::check
