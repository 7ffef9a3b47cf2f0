// checker/hooks/syscall.cpp: system calls made as such, which is how futexes are used.
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>
#include <string>

#include "checker/hooks/model.hpp"
#include "checker/system/futex.hpp"

namespace check = lockstep::check;

namespace {

long model(const check::system::Call& call, long number, const long (&arguments)[6]) {
  switch (number) {
    case SYS_futex:
      return check::system::futex(call, arguments);
    case SYS_sched_yield:
      return 0;
    case SYS_gettid:
      return static_cast<long>(call.me.id) + 1;
    default:
      call.refuse("syscall " + std::to_string(number) + " is not modelled");
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
