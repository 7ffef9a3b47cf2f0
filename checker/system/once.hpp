// checker/system/once.hpp: what is to be done once, by one thread, while others wait for it.
//
// State: an atomic object
//   untouched -> under way -> done    [begin, finish]
//                under way -> untouched [give_up: it threw]
#pragma once

#include "checker/system/call.hpp"

namespace lockstep::check::system {

class Once {
 public:
  /// `done`: what the state is then.
  Once(const Call& call, const Object& state, Value done, Value under_way, const char* waits_for)
      : call_(call), state_(state), done_(done), under_way_(under_way), waits_for_(waits_for) {}

  /// True: it falls to the caller to do it. False: another has.
  [[nodiscard]] bool begin() const;
  void finish() const { set(done_); }
  void give_up() const { set(0); }

 private:
  void set(Value value) const { call_.execution.put(call_.me, state_, Order::release, value, ""); }

  const Call call_;
  const Object state_;
  const Value done_;
  const Value under_way_;
  const char* const waits_for_;
};

}  // namespace lockstep::check::system
