#include "checker/system/futex.hpp"

#include <linux/futex.h>

#include <cerrno>

namespace lockstep::check::system {

int Futex::check() const noexcept {
  if (word_ < 4096) return EFAULT;
  return word_ % sizeof(std::uint32_t) == 0 ? 0 : EINVAL;
}

long Futex::wait(std::uint32_t expected, std::uint32_t mask, const Deadline& deadline) {
  const Value seen =
      call_.execution.peek_before_sleep(call_.me, word(), expected, queue(), "futex wait reads");
  if (seen != expected) return -EAGAIN;
  Update enter = queue_update(Operation::sleep, call_.me.id);
  enter.mask = mask;
  enter.role = Role::sleeps;
  check_room(call_, call_.execution.change_at_once(call_.me, queue(), enter, "futex wait"), enter);
  switch (
      end_sleep(call_, queue(), deadline, 2, {"sleeps on the futex", word_, deadline.exists()})) {
    case Execution::End::timeout:
      return -ETIMEDOUT;
    case Execution::End::interrupted:
      return -EINTR;
    case Execution::End::woken:
    case Execution::End::spurious:
      return 0;
  }
  return 0;
}

/// As in Linux, one who asks to wake nobody wakes one.
long Futex::wake(std::uint32_t n, std::uint32_t mask) {
  const auto count = static_cast<std::int32_t>(n) < 1 ? 1 : n;
  return static_cast<long>(wake_sleepers(call_, queue(), count, mask, "futex wake"));
}

long Futex::requeue(std::uint32_t n, std::uint32_t moved, std::uintptr_t to,
                    std::optional<std::uint32_t> expected) {
  if (expected && call_.execution.peek(call_.me, word(), "futex requeue reads") != *expected) {
    return -EAGAIN;
  }
  const auto change = expected ? &Execution::change_at_once : &Execution::change;
  Update take = queue_update(Operation::wake, std::uint64_t{n} + moved);
  take.when = When::unless_equal;
  take.moves_behind = n + 1;
  take.role = expected ? Role::compares : Role::wakes;
  const Seen seen = (call_.execution.*change)(call_.me, queue(), take, "futex requeue");
  const Value left = take.written(seen.value);
  std::size_t to_wake = n;
  const Value to_move = sleepers::only(seen.value, [&](sleepers::Sleeper sleeper) {
    if (sleepers::contains(left, sleeper.thread)) return false;
    if (to_wake == 0) return true;
    --to_wake;
    return false;
  });
  if (to_move != 0) {
    Update move = queue_update(Operation::move_in, to_move);
    move.role = Role::moves;
    static_cast<void>(call_.execution.change_at_once(call_.me, {to, 0}, move, "futex requeue to"));
  }
  return static_cast<long>(sleepers::count(seen.value) - sleepers::count(left));
}

namespace {

/// What the arguments of a call say.
class Arguments {
 public:
  Arguments(const Call& call, const long (&values)[6]) : call_(call), values_(values) {}

  [[nodiscard]] long carry_out() const {
    Futex futex(call_, static_cast<std::uintptr_t>(values_[0]));
    const long operation = values_[1] & FUTEX_CMD_MASK;
    const bool is_real_time = (values_[1] & FUTEX_CLOCK_REALTIME) != 0;
    const bool is_private = (values_[1] & FUTEX_PRIVATE_FLAG) != 0;
    if (is_real_time && operation != FUTEX_WAIT_BITSET) return -ENOSYS;
    if (const int error =
            futex.check()) {  // of its own memory the kernel looks at the word only to wait
      return error == EFAULT && is_private && operation == FUTEX_WAKE ? 0 : -error;
    }
    switch (operation) {
      case FUTEX_WAIT:
        return wait(futex, false, FUTEX_BITSET_MATCH_ANY);
      case FUTEX_WAIT_BITSET:
        return wait(futex, true, number(5));
      case FUTEX_WAKE:
        return futex.wake(number(2), FUTEX_BITSET_MATCH_ANY);
      case FUTEX_WAKE_BITSET:
        return number(5) == 0 ? -EINVAL : futex.wake(number(2), number(5));
      case FUTEX_REQUEUE:
        return requeue(futex, std::nullopt);
      case FUTEX_CMP_REQUEUE:
        return requeue(futex, number(5));
      default:
        call_.refuse("futex operation " + std::to_string(operation) +
                     " is not modelled: WAIT, WAKE, with bitsets too, REQUEUE and CMP_REQUEUE are");
    }
  }

 private:
  [[nodiscard]] std::uint32_t number(int n) const noexcept {
    return static_cast<std::uint32_t>(values_[n]);
  }

  [[nodiscard]] long wait(Futex& futex, bool is_absolute, std::uint32_t mask) const {
    if (mask == 0) return -EINVAL;
    const auto* const time = reinterpret_cast<const timespec*>(values_[3]);
    if (time == nullptr) return futex.wait(number(2), mask, {});
    call_.use(time, sizeof *time);
    if (!is_valid(*time)) return -EINVAL;
    const bool is_real = (values_[1] & FUTEX_CLOCK_REALTIME) != 0;
    return futex.wait(number(2), mask,
                      is_absolute ? Deadline::at(is_real ? CLOCK_REALTIME : CLOCK_MONOTONIC, *time)
                                  : Deadline::after(call_, *time));
  }

  [[nodiscard]] long requeue(Futex& futex, std::optional<std::uint32_t> expected) const {
    const auto to = static_cast<std::uintptr_t>(values_[4]);
    if (const int error = Futex(call_, to).check()) return -error;
    if (static_cast<int>(number(2)) < 0 || static_cast<int>(values_[3]) < 0) return -EINVAL;
    return futex.requeue(number(2), static_cast<std::uint32_t>(values_[3]), to, expected);
  }

  const Call call_;
  const long (&values_)[6];
};

}  // namespace

long futex(const Call& call, const long (&arguments)[6]) {
  const long result = Arguments(call, arguments).carry_out();
  if (result >= 0) return result;
  errno = static_cast<int>(-result);
  return -1;
}

}  // namespace lockstep::check::system
