#include "checker/runtime/trouble.hpp"

#include <cxxabi.h>

#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <typeinfo>

#include "checker/runtime/execution.hpp"

namespace lockstep::check {
namespace {

alignas(16) char signal_stack[64 << 10];

// Of the last signal, for those who go on after it.
int last_signal = 0;
std::uintptr_t last_address = 0;
std::uintptr_t last_place = 0;

std::string what_of(int signal, std::uintptr_t address, const Thread& thread) {
  switch (signal) {
    case SIGFPE:
      return "arithmetic error (SIGFPE)";
    case SIGILL:
      return "illegal instruction (SIGILL)";
    case SIGTRAP:
      return "trap (SIGTRAP)";
    default:
      break;
  }
  const std::string overflow =
      "stack overflow: each thread has " + std::to_string(arena::stack_size >> 20) +
      " MiB in an exploration; recurse less deep, or put large locals on the heap";
  if (address < 4096) return "access through a null pointer";
  if (arena::stack(thread.id) - address <= arena::guard) return overflow;
  return "wild access";
}

/// Where a thread that caused a signal goes on.
void go_on_after_signal() {
  lockstep_current = nullptr;
  Execution& execution = Execution::instance();
  Thread& thread = *execution.running();
  thread.call = last_place;
  thread.has_lost_stack = true;  // this began at its top again
  execution.fail(thread, Wrong::crash, what_of(last_signal, last_address, thread));
}

void on_signal(int signal, siginfo_t* info, void* context) {
  Thread* const thread = Execution::is_running() ? Execution::instance().running() : nullptr;
  if (thread == nullptr) {
    std::signal(signal,
                SIG_DFL);  // not the program's: it comes again, and is what it would have been
    return;
  }
  last_signal = signal;
  last_address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  const bool is_at_work_itself =
      lockstep_current == nullptr;  // for the hook that the thread has called
  last_place =
      is_at_work_itself ? thread->call : program_counter(context) + 1;  // as if a return address
  resume_in(context, &go_on_after_signal, thread->stack_top());
}

std::string name_of(const std::type_info& type) {
  int status = 0;
  char* const name = abi::__cxa_demangle(type.name(), nullptr, nullptr, &status);
  std::string copy(status == 0 ? name : type.name());
  std::free(name);
  return copy;
}

/// What the exception that is being handled says of itself.
std::string what_of_current_exception() {
  const std::type_info* const type = abi::__cxa_current_exception_type();
  try {
    throw;
  } catch (const std::exception& exception) {
    return name_of(*type) + ": " + exception.what();
  } catch (...) {
    return name_of(*type);
  }
}

void on_terminate() {
  auto* const me = reinterpret_cast<Thread*>(lockstep_current);
  if (me == nullptr) std::abort();
  const NativeScope native;
  me->call =
      reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));  // nothing is unwound yet
  Execution& execution = Execution::instance();
  if (abi::__cxa_current_exception_type() == nullptr) {
    execution.fail(*me, Wrong::aborted, "std::terminate was called");
  }
  execution.fail(*me, Wrong::uncaught_exception,
                 "uncaught exception " + what_of_current_exception());
}

}  // namespace

TroubleHandlers::TroubleHandlers() {
  stack_t stack{};
  stack.ss_sp = signal_stack;
  stack.ss_size = sizeof signal_stack;
  sigaltstack(&stack, &old_stack_);
  struct sigaction action{};
  action.sa_sigaction = &on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (std::size_t i = 0; i < std::size(signals); ++i)
    sigaction(signals[i], &action, &old_actions_[i]);
  old_terminate_ = std::set_terminate(&on_terminate);
}

TroubleHandlers::~TroubleHandlers() {
  std::set_terminate(old_terminate_);
  for (std::size_t i = 0; i < std::size(signals); ++i)
    sigaction(signals[i], &old_actions_[i], nullptr);
  sigaltstack(&old_stack_, nullptr);
}

}  // namespace lockstep::check
