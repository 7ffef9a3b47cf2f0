// checker/system/waitv.cpp: waiting for several futexes at once.
//
// The thread enters the queue of one after the other, each as in Futex::wait. Which of them is to wake it is
// a choice; when that one has, it leaves the others, and returns the last that has taken it off.
#include <linux/futex.h>

#include <array>
#include <cerrno>

#include "checker/system/futex.hpp"

namespace lockstep::check::system {
namespace {

constexpr std::size_t most_futexes = 128;

class WaitForAny {
 public:
  WaitForAny(const Call& call, const struct ::futex_waitv* waiters, std::size_t n)
      : call_(call), waiters_(waiters), n_(n) {}

  [[nodiscard]] int check() const {
    constexpr unsigned known = FUTEX_32 | FUTEX_PRIVATE_FLAG;
    for (std::size_t i = 0; i < n_; ++i) {
      call_.use(&waiters_[i], sizeof waiters_[i]);
      const bool is_32_bits =
          (waiters_[i].flags & known) == waiters_[i].flags && (waiters_[i].flags & FUTEX_32) != 0;
      if (!is_32_bits || waiters_[i].__reserved != 0) return EINVAL;
      if (const int error = Futex(call_, address(i)).check()) return error;
      for (std::size_t j = 0; j < i; ++j) {
        if (address(i) == address(j)) call_.refuse("futex_waitv with the same futex twice");
      }
    }
    return 0;
  }

  [[nodiscard]] long wait(const Deadline& deadline) {
    for (std::size_t i = 0; i < n_; ++i) {
      if (enter(i)) continue;
      const long woken = leave(i);
      return woken >= 0 ? woken : -EAGAIN;
    }
    return end(deadline);
  }

 private:
  using End = Execution::End;

  [[nodiscard]] std::uintptr_t address(std::size_t i) const noexcept {
    return static_cast<std::uintptr_t>(waiters_[i].uaddr);
  }

  [[nodiscard]] bool enter(std::size_t i) {
    const Object word{address(i), sizeof(std::uint32_t)};
    const Object queue{address(i), 0};
    const auto expected = static_cast<std::uint32_t>(waiters_[i].val);
    const Value seen =
        call_.execution.peek_before_sleep(call_.me, word, expected, queue, "futex waitv reads");
    if (seen != expected) return false;
    Update enter = queue_update(Operation::sleep, call_.me.id);
    enter.role = Role::sleeps;
    check_room(call_, call_.execution.change_at_once(call_.me, queue, enter, "futex waitv"), enter);
    since_[i] = call_.me.since;
    return true;
  }

  [[nodiscard]] long end(const Deadline& deadline) {
    const bool is_past = deadline.has_passed(call_);
    const bool may_time_out =
        deadline.exists() && (is_past || call_.execution.may_time_out(call_.me));
    call_.me.also_since.assign(since_.begin(), since_.begin() + static_cast<std::ptrdiff_t>(n_));
    const End how = call_.execution.choose_end(call_.me, may_time_out, 1);
    if (how == End::woken) return sleep(deadline.exists());
    // If it was woken before, then this is the execution in which it did not end by itself.
    if (leave(n_) >= 0) call_.execution.discard(call_.me);
    call_.me.also_since.clear();
    if (how == End::spurious) return -EINTR;
    if (!is_past) ++call_.me.timeouts;
    deadline.come(call_);
    return -ETIMEDOUT;
  }

  [[nodiscard]] long sleep(bool is_timed) {
    const std::size_t by =
        n_ == 1 ? 0 : call_.execution.choose_among(call_.me, n_, "waits for one");
    call_.me.since = since_[by];
    // That nobody wakes it at all is found where it waits for the first.
    call_.execution.sleep(call_.me, Order::system,
                          {"sleeps on several futexes", address(by), is_timed || by > 0});
    call_.me.also_since.clear();
    return std::max(static_cast<long>(by), leave(n_, by));
  }

  /// Leaves the first `n` queues, but for one. The last that had taken it off, or -1.
  [[nodiscard]] long leave(std::size_t n, std::size_t but = ~std::size_t{0}) {
    long woken = -1;
    for (std::size_t i = 0; i < n; ++i) {
      if (i == but) continue;
      const Update update = queue_update(Operation::leave, call_.me.id);
      const Seen seen =
          call_.execution.change(call_.me, {address(i), 0}, update, "futex waitv leaves");
      if (!sleepers::contains(seen.value, call_.me.id)) woken = static_cast<long>(i);
    }
    return woken;
  }

  const Call call_;
  const struct ::futex_waitv* const waiters_;
  const std::size_t n_;
  std::array<EventId, most_futexes> since_;  // on a stack that may be left as it is: no memory
};

long carry_out(const Call& call, const long (&arguments)[6]) {
  const auto* const waiters = reinterpret_cast<const struct ::futex_waitv*>(arguments[0]);
  const auto* const time = reinterpret_cast<const timespec*>(arguments[3]);
  const auto clock = static_cast<clockid_t>(arguments[4]);
  if (waiters == nullptr || arguments[1] < 1 || arguments[1] > static_cast<long>(most_futexes) ||
      arguments[2] != 0) {
    return -EINVAL;
  }
  if (time != nullptr) {
    call.use(time, sizeof *time);
    if (!is_valid(*time) || (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME)) return -EINVAL;
  }
  WaitForAny wait(call, waiters, static_cast<std::size_t>(arguments[1]));
  if (const int error = wait.check()) return -error;
  return wait.wait(time == nullptr ? Deadline() : Deadline::at(clock, *time));
}

}  // namespace

long futex_waitv(const Call& call, const long (&arguments)[6]) {
  const long result = carry_out(call, arguments);
  if (result >= 0) return result;
  errno = static_cast<int>(-result);
  return -1;
}

}  // namespace lockstep::check::system
