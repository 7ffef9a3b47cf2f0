// checker/hooks/time.cpp: clocks and sleeps, in modelled time.
#include "checker/system/time.hpp"

#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "checker/hooks/model.hpp"

namespace check = lockstep::check;
using check::system::Call;

#define MODEL(result, name, parameters, arguments, model) \
  LOCKSTEP_MODEL(result, name, parameters, arguments, nullptr, model)

namespace {

template <class T>
void give(const Call& call, T* to, const T& value) {
  if (to == nullptr) return;
  call.overwrite(to, sizeof *to);
  *to = value;
}

int get_time(const Call& call, clockid_t clock, timespec* time) {
  give(call, time, check::system::read_clock(call, clock));
  return 0;
}

int get_time(const Call& call, timeval* time) {
  const timespec now = check::system::read_clock(call, CLOCK_REALTIME);
  give(call, time, {now.tv_sec, now.tv_nsec / 1000});
  return 0;
}

time_t get_seconds(const Call& call, time_t* time) {
  const time_t now = check::system::read_clock(call, CLOCK_REALTIME).tv_sec;
  give(call, time, now);
  return now;
}

int sleep_in(const Call& call, const timespec* time) {
  call.use(time, sizeof *time);
  return check::system::sleep_for(call, *time);
}

int with_errno(int error) {
  if (error == 0) return 0;
  errno = error;
  return -1;
}

timespec seconds(unsigned n) { return {static_cast<time_t>(n), 0}; }
timespec microseconds(useconds_t n) {
  constexpr useconds_t second = 1'000'000;
  return {static_cast<time_t>(n / second), static_cast<long>(n % second) * 1000};
}

}  // namespace

MODEL(int, clock_gettime, (clockid_t c, timespec* t), (c, t), get_time(call, c, t))
MODEL(int, gettimeofday, (timeval * t, void* z), (t, z), get_time(call, t))
MODEL(int, timespec_get, (timespec * t, int b), (t, b), (get_time(call, CLOCK_REALTIME, t), b))
MODEL(time_t, time, (time_t* t), (t), get_seconds(call, t))
MODEL(clock_t, clock, (), (),
      check::system::read_clock(call, CLOCK_PROCESS_CPUTIME_ID).tv_nsec / 1000)
MODEL(int, nanosleep, (const timespec* t, timespec* left), (t, left), with_errno(sleep_in(call, t)))
MODEL(int, clock_nanosleep, (clockid_t c, int f, const timespec* t, timespec* left),
      (c, f, t, left),
      (f & TIMER_ABSTIME) != 0 ? check::system::sleep_until(call, c, *t) : sleep_in(call, t))
MODEL(int, usleep, (useconds_t n), (n), check::system::sleep_for(call, microseconds(n)))
MODEL(unsigned, sleep, (unsigned n), (n),
      static_cast<unsigned>(check::system::sleep_for(call, seconds(n))))
