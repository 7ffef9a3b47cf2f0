// checker/machine/arch.hpp: what the checker needs of the processor. x86_64.S and aarch64.S define
// the functions; nothing outside this folder knows which of them is in use.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lockstep::check {

/// The callee-saved registers, without the stack pointer.
#if defined(__x86_64__)
inline constexpr std::size_t saved_registers = 6;  // rbx rbp r12-r15
#elif defined(__aarch64__)
inline constexpr std::size_t saved_registers = 19;  // x19-x29, d8-d15
#else
#error "lockstep::checker runs on x86-64 and AArch64"
#endif

/// What a hook's entry notes of its caller: with the stack above `stack_pointer` it is all that the
/// caller's future depends on, besides memory.
///
/// The hook then runs on a stack of its own. What it leaves there would otherwise be where the program's
/// next calls have their frames, and show in those bytes of them that they do not use.
struct Caller {
  std::uintptr_t registers[saved_registers];
  std::uintptr_t stack_pointer;  // as it will be when the hook has returned
  std::uintptr_t program_counter;
  std::uintptr_t hook_stack;  // the end of the stack that hooks run on; a multiple of 16
};

/// So many bytes below the caller's stack pointer the entry keeps what it needs to come back.
inline constexpr std::size_t entry_frame = 16;

/// A thread of execution that is not running: where its stack is.
struct Context {
  void* stack_pointer = nullptr;
};

/// The thread that is being modelled here and now; null on a thread that is none, and while the
/// checker itself is at work. It points at its Caller, where the entries of the hooks write.
extern "C" __attribute__((visibility("hidden"),
                          tls_model("local-exec"))) __thread Caller* lockstep_current;

/// Leaves the running context in `from` and goes on in `to`, whose thread-local variables are at
/// `thread_pointer`. Each has a floating-point environment of its own.
extern "C" void lockstep_switch(Context* from, const Context* to, std::uintptr_t thread_pointer);

/// The thread pointer of the caller.
extern "C" std::uintptr_t lockstep_thread_pointer();

/// What the owner of thread-locals does that a modelled thread has.
extern "C" [[noreturn]] void lockstep_sleep_for_ever();

/// A context that calls start(argument), which must not return, on the stack that ends at `top`, with the floating-point
/// environment of the caller.
Context make_context(void* top, void (*start)(void*), void* argument) noexcept;

/// May this process set its thread pointer?
[[nodiscard]] bool can_set_thread_pointer() noexcept;

/// Where a signal interrupted.
[[nodiscard]] std::uintptr_t program_counter(const void* signal_context) noexcept;

/// Makes the code that a signal interrupted go on in target() instead, on the stack that ends at `top`.
void resume_in(void* signal_context, void (*target)(), std::uintptr_t top) noexcept;

}  // namespace lockstep::check
