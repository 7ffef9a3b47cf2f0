// checker/model/fences.hpp: what x86 makes of an event, compiled as compilers do. A seq_cst fence is
// a full fence, a read-modify-write is locked and so acts as one (also a compare-exchange that
// fails). So does the creation of a thread, its end, and a join: the system calls that they are
// leave no store in a buffer, nor does a sleep.
#pragma once

#include "checker/graph/event.hpp"

namespace lockstep::check {

[[nodiscard]] inline bool is_full_fence(const Event& event) {
  switch (event.kind) {
    case Kind::read:
      return event.is_update;
    case Kind::write:
      return event.is_rmw;
    case Kind::fence:
      return event.order == Order::seq_cst;
    case Kind::create:
    case Kind::end:
    case Kind::join:
    case Kind::wake:
      return true;
    case Kind::choice:
      return false;
  }
  return false;
}

/// A store with a full fence behind it.
[[nodiscard]] inline bool is_fenced_store(const Event& event) {
  return event.kind == Kind::write && event.order == Order::seq_cst;
}

}  // namespace lockstep::check
