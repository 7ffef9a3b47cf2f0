#include "checker/system/once.hpp"

namespace lockstep::check::system {

bool Once::begin() const {
  Update begin;
  begin.operation = Operation::compare_exchange;
  begin.order = begin.failure = Order::acquire;
  begin.size = static_cast<std::uint8_t>(state_.size);
  begin.expected = 0;
  begin.operand = under_way_;
  for (;;) {
    const std::size_t before = call_.me.done;
    const Seen seen = call_.execution.change(call_.me, state_, begin, "");
    if (seen.wrote) return true;
    if (seen.value == done_) return false;
    call_.execution.wait_for_change(call_.me, before, {waits_for_});
  }
}

}  // namespace lockstep::check::system
