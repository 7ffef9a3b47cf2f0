#include "checker/system/queue.hpp"

namespace lockstep::check::system {

std::size_t wake_sleepers(const Call& call, const Object& queue, std::uint64_t n,
                          std::uint32_t mask, const char* what) {
  Update wake = queue_update(Operation::wake, n);
  wake.when = When::unless_equal;
  wake.expected = 0;
  wake.mask = mask;
  wake.role = Role::wakes;
  const Seen seen = call.execution.change(call.me, queue, wake, what);
  return sleepers::count(seen.value) - sleepers::count(wake.written(seen.value));
}

Execution::End end_sleep(const Call& call, const Object& queue, const Deadline& deadline,
                         unsigned kinds_of_spurious, const Awaits& awaits) {
  using End = Execution::End;
  const bool is_past = deadline.has_passed(call);  // that it times out then is no matter of bounds
  const bool may_time_out = deadline.exists() && (is_past || call.execution.may_time_out(call.me));
  End end = call.execution.choose_end(call.me, may_time_out, kinds_of_spurious);
  if (end == End::woken && !may_time_out) {
    call.execution.sleep(call.me, Order::system, awaits);
    return end;
  }
  if (end == End::woken) {
    if (call.execution.sleep_or_time_out(call.me, awaits)) return end;
    end = End::timeout;
  }
  if (end == End::timeout && !is_past) ++call.me.timeouts;
  const char* const what = end == End::timeout ? "times out" : "wakes for no reason";
  const Update leave = queue_update(Operation::leave, call.me.id);
  // Nothing comes between the choice and what it leads to: if it were woken there, it would not end by itself.
  Seen seen = call.execution.change_at_once(call.me, queue, leave, what);
  while (!sleepers::contains(seen.value, call.me.id)) {
    const Object where = call.execution.follow(call.me);
    // If it was woken before, then this is the execution in which it did not end by itself.
    if (where.address == 0) call.execution.discard(call.me);
    seen = call.execution.change(call.me, where, leave, what);
  }
  if (end == End::timeout) deadline.come(call);
  return end;
}

void check_room(const Call& call, const Seen& seen, const Update& update) {
  if (!sleepers::contains(update.written(seen.value), call.me.id)) {
    call.refuse(
        "more than 21 threads, or 2 with a bitset, asleep on one object are not modelled: explore "
        "with fewer threads");
  }
}

}  // namespace lockstep::check::system
