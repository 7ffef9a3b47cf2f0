#include "checker/machine/arch.hpp"

#include <sys/auxv.h>
#include <ucontext.h>

namespace lockstep::check {

__thread Caller* lockstep_current = nullptr;

extern "C" void lockstep_context_start();

#if defined(__x86_64__)

Context make_context(void* top, void (*start)(void*), void* argument) noexcept {
  // As lockstep_switch leaves it: the floating-point environment, where to go on, r15 r14 r13 r12 rbx rbp. The stack
  // pointer is a multiple of 16 when lockstep_context_start begins.
  auto* const stack = reinterpret_cast<std::uintptr_t*>(reinterpret_cast<std::uintptr_t>(top) &
                                                        ~std::uintptr_t{15}) -
                      2 - 8;
  for (std::size_t i = 0; i < 10; ++i) stack[i] = 0;
  std::uint16_t x87 = 0;
  asm("fnstcw %0" : "=m"(x87));
  stack[0] = __builtin_ia32_stmxcsr() | std::uintptr_t{x87} << 32;
  stack[1] = reinterpret_cast<std::uintptr_t>(&lockstep_context_start);
  stack[4] = reinterpret_cast<std::uintptr_t>(argument);
  stack[5] = reinterpret_cast<std::uintptr_t>(start);
  // 10 words below a multiple of 16; 8 are taken off before the start.
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
                      22;
  for (std::size_t i = 0; i < 22; ++i) stack[i] = 0;
  stack[0] = reinterpret_cast<std::uintptr_t>(start);
  stack[1] = reinterpret_cast<std::uintptr_t>(argument);
  stack[11] = reinterpret_cast<std::uintptr_t>(&lockstep_context_start);  // x30
  asm volatile("mrs %0, fpcr" : "=r"(stack[20]));
  asm volatile("mrs %0, fpsr" : "=r"(stack[21]));
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
