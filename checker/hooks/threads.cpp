// checker/hooks/threads.cpp: POSIX threads, on which std::thread and std::jthread are built.
#include <pthread.h>
#include <unwind.h>

#include <cerrno>
#include <exception>
#include <string_view>

#include "checker/hooks/hook.hpp"
#include "checker/hooks/real.hpp"

namespace check = lockstep::check;
using check::Hook;
using check::Thread;
using check::Wrong;

#define CALL __builtin_return_address(0)

namespace {

bool asks_for_detached(const pthread_attr_t* attributes) {
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &state);
  return state == PTHREAD_CREATE_DETACHED;
}

/// The modelled thread that a call names.
Thread& named(const Hook& hook, pthread_t pthread, const char* call) {
  Thread* const thread = hook->find(pthread);
  if (thread == nullptr) {
    hook->fail(hook.me, Wrong::bad_join,
               std::string(call) + " of what is no thread of this execution");
  }
  return *thread;
}

}  // namespace

LOCKSTEP_EXPORT int pthread_create(pthread_t* created, const pthread_attr_t* attributes,
                                   void* (*start)(void*), void* argument) {
  if (Thread* const me = check::modelled()) {
    const Hook hook(*me, CALL);
    Thread* const thread = hook->create(*me, start, argument, asks_for_detached(attributes));
    if (thread == nullptr) {
      hook->fail(*me, Wrong::unsupported,
                 "more than " + std::to_string(check::max_threads) + " threads in one execution");
    }
    *created = thread->home.pthread();
    return 0;
  }
  static const auto real = check::real<decltype(pthread_create)>("pthread_create");
  return real(created, attributes, start, argument);
}

LOCKSTEP_EXPORT int pthread_join(pthread_t joined, void** returned) {
  if (Thread* const me = check::modelled()) {
    const Hook hook(*me, CALL);
    Thread& thread = named(hook, joined, "join");
    if (&thread == me) return EDEADLK;
    void* const value = hook->join(*me, thread);
    if (returned != nullptr) *returned = value;
    return 0;
  }
  static const auto real = check::real<decltype(pthread_join)>("pthread_join");
  return real(joined, returned);
}

LOCKSTEP_EXPORT int pthread_detach(pthread_t detached) {
  if (Thread* const me = check::modelled()) {
    const Hook hook(*me, CALL);
    hook->detach(*me, named(hook, detached, "detach"));
    return 0;
  }
  static const auto real = check::real<decltype(pthread_detach)>("pthread_detach");
  return real(detached);
}

/// The name is for the report only: the system's threads are not the program's.
LOCKSTEP_EXPORT int pthread_setname_np(pthread_t thread, const char* name) noexcept {
  if (Thread* const me = check::modelled()) {
    const Hook hook(*me, CALL);
    constexpr std::size_t longest = 15;  // as Linux has it
    if (std::string_view(name).size() > longest) return ERANGE;
    Thread* const found = hook->find(thread);
    if (found == nullptr) return ESRCH;
    hook->name(*found, name);
    return 0;
  }
  static const auto real = check::real<int(pthread_t, const char*)>("pthread_setname_np");
  return real(thread, name);
}

namespace {

/// Unwinds to where the thread began.
_Unwind_Reason_Code unwind_on(int, _Unwind_Action actions, _Unwind_Exception_Class,
                              _Unwind_Exception*, _Unwind_Context*, void* returned) {
  if ((actions & _UA_END_OF_STACK) == 0) return _URC_NO_REASON;
  check::Execution::leave_thread(*check::modelled(), returned);
}

}  // namespace

LOCKSTEP_EXPORT void pthread_exit(void* returned) {
  if (Thread* const me = check::modelled()) {
    me->call = reinterpret_cast<std::uintptr_t>(CALL);
    static _Unwind_Exception exit{};  // of no language's class: only clean-ups run
    _Unwind_ForcedUnwind(&exit, &unwind_on, returned);
    std::terminate();  // a clean-up caught it, and did not throw it on
  }
  static const auto real = check::real<decltype(pthread_exit)>("pthread_exit");
  real(returned);
  __builtin_unreachable();
}

// Yielding lets others go on, which they may at any time.
LOCKSTEP_EXPORT int sched_yield() noexcept {
  if (check::modelled() != nullptr) return 0;
  static const auto real = check::real<int()>("sched_yield");
  return real();
}

// The destructors of a thread's thread-locals run when that thread ends, on its own stack.
LOCKSTEP_EXPORT int __cxa_thread_atexit(void (*destroy)(void*), void* object, void* library) {
  if (Thread* const me = check::modelled()) {
    const Hook hook(*me, CALL);
    me->destructors.emplace_back(destroy, object);
    return 0;
  }
  static const auto real = check::real<int(void (*)(void*), void*, void*)>("__cxa_thread_atexit");
  return real(destroy, object, library);
}
LOCKSTEP_EXPORT int __cxa_thread_atexit_impl(void (*destroy)(void*), void* object, void* library) {
  if (check::modelled() != nullptr) return __cxa_thread_atexit(destroy, object, library);
  static const auto real =
      check::real<int(void (*)(void*), void*, void*)>("__cxa_thread_atexit_impl");
  return real(destroy, object, library);
}
