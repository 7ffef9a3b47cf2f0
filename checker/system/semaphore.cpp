#include "checker/system/semaphore.hpp"

#include <limits.h>

#include <cerrno>
#include <cstring>

namespace lockstep::check::system {
namespace {

Update taking_one() {
  Update take;
  take.operation = Operation::subtract;
  take.when = When::unless_equal;
  take.expected = 0;
  take.order = Order::acquire;
  take.size = sizeof(unsigned);
  take.operand = 1;
  return take;
}

}  // namespace

int Semaphore::begin(unsigned count) {
  if (count > SEM_VALUE_MAX) return EINVAL;
  call_.overwrite(semaphore_, sizeof *semaphore_);
  std::memset(semaphore_, 0, sizeof *semaphore_);
  std::memcpy(semaphore_, &count, sizeof count);
  return 0;
}

int Semaphore::end() {
  call_.overwrite(semaphore_, sizeof *semaphore_);
  return 0;
}

int Semaphore::wait() {
  wait_until_positive(false);
  return 0;
}

void Semaphore::wait_until_positive(bool is_timed) {
  call_.execution.change_when_possible(call_.me, count(), taking_one(), "sem_wait",
                                       {"waits for the semaphore", count().address, is_timed});
}

int Semaphore::try_wait() {
  return call_.execution.change(call_.me, count(), taking_one(), "sem_trywait").wrote ? 0 : EAGAIN;
}

int Semaphore::wait_before(const Deadline& deadline) {
  const auto take = [&] {
    return call_.execution.change(call_.me, count(), taking_one(), "sem_timedwait").wrote;
  };
  return take_before(call_, deadline, take, [&] { wait_until_positive(true); });
}

int Semaphore::post() {
  Update add;
  add.operation = Operation::add;
  add.when = When::unless_equal;
  add.expected = SEM_VALUE_MAX;
  add.order = Order::release;
  add.size = sizeof(unsigned);
  add.operand = 1;
  return call_.execution.change(call_.me, count(), add, "sem_post").wrote ? 0 : EOVERFLOW;
}

int Semaphore::value() const {
  return static_cast<int>(call_.execution.peek(call_.me, count(), "sem_getvalue"));
}

}  // namespace lockstep::check::system
