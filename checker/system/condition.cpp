#include "checker/system/condition.hpp"

#include <cerrno>
#include <cstring>

#include "checker/system/queue.hpp"

namespace lockstep::check::system {
namespace {

/// Where in a condition variable its clock is kept; zero, as in a static initializer, is CLOCK_REALTIME.
constexpr std::size_t clock_offset = 8;

}  // namespace

Condition::Condition(const Call& call, pthread_cond_t* condition)
    : call_(call), condition_(condition) {
  call_.use(condition_, clock_offset);
}

int Condition::wait(Mutex& mutex, const Deadline& deadline) {
  if (!mutex.is_mine()) call_.misuse("a thread waits on a condition variable without its mutex");
  const Update enter = queue_update(Operation::sleep, call_.me.id);
  check_room(call_, call_.execution.change(call_.me, queue(), enter, "waits on"), enter);
  const std::uint32_t depth = mutex.release();
  const auto end =
      end_sleep(call_, queue(), deadline, 1,
                {"waits on the condition variable", queue().address, deadline.exists()});
  mutex.reacquire(depth);
  return end == Execution::End::timeout ? ETIMEDOUT : 0;
}

void Condition::wake(std::uint32_t n) {
  static_cast<void>(
      wake_sleepers(call_, queue(), n, sleepers::any, n == 1 ? "signals" : "broadcasts"));
}

void Condition::begin(clockid_t clock) {
  call_.overwrite(condition_, sizeof *condition_);
  std::memset(condition_, 0, sizeof *condition_);
  std::memcpy(reinterpret_cast<char*>(condition_) + clock_offset, &clock, sizeof clock);
}

void Condition::end() {
  if (call_.execution.last_value(call_.me, queue()) != 0) {
    call_.misuse("a condition variable is destroyed while a thread waits on it");
  }
  call_.overwrite(condition_, sizeof *condition_);
}

clockid_t Condition::clock() const noexcept {
  clockid_t clock;
  std::memcpy(&clock, reinterpret_cast<const char*>(condition_) + clock_offset, sizeof clock);
  return clock;
}

}  // namespace lockstep::check::system
