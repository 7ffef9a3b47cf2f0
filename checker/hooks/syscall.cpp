// checker/hooks/syscall.cpp: system calls made as such, which is how futexes are used.
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>
#include <string>

#include "checker/hooks/model.hpp"
#include "checker/system/futex.hpp"

namespace check = lockstep::check;

namespace {

/// The heavy half of an asymmetric fence: here a full fence, and the light halves of others then are, too.
long membarrier(const check::system::Call& call, long command) {
  switch (command) {
    case MEMBARRIER_CMD_QUERY:
      return MEMBARRIER_CMD_PRIVATE_EXPEDITED | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED;
    case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
      return 0;
    case MEMBARRIER_CMD_PRIVATE_EXPEDITED:
      call.execution.heavy_fence(call.me);
      return 0;
    default:
      call.refuse("membarrier command " + std::to_string(command) +
                  " is not modelled: MEMBARRIER_CMD_PRIVATE_EXPEDITED is");
  }
}

long model(const check::system::Call& call, long number, const long (&arguments)[6]) {
  switch (number) {
    case SYS_futex:
      return check::system::futex(call, arguments);
    case SYS_futex_waitv:
      return check::system::futex_waitv(call, arguments);
    case SYS_membarrier:
      return membarrier(call, arguments[0]);
    case SYS_sched_yield:
      return 0;
    case SYS_gettid:
      return static_cast<long>(call.me.id) + 1;
    default:
      call.refuse("syscall " + std::to_string(number) +
                  " is not modelled: of system calls only futexes, membarrier, sched_yield and "
                  "gettid are; call the "
                  "function of the C library instead, or leave it out of what is explored");
  }
}

}  // namespace

LOCKSTEP_EXPORT long syscall(long number, ...) {
  void* const from = __builtin_return_address(0);
  va_list list;
  va_start(list, number);
  long a[6];
  for (long& argument : a) argument = va_arg(list, long);
  va_end(list);
  if (check::Thread* const me = check::calling(from, reinterpret_cast<const void*>(a[0]))) {
    const check::Hook hook(*me, from);
    return model({*hook, *me}, number, a);
  }
  static const auto real = check::real<long(long, ...)>("syscall");
  return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
