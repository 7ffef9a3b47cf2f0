// tests/model/bounds.hpp: how far each scenario is explored, in the tests and by ./run verify.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lockstep/check.hpp"
#include "programs.hpp"

namespace model {

/// Which executions of a scenario are explored.
enum class Depth : std::uint8_t {
  /// All. In each thread one futex wait may end for no reason, two timed ones by their time, and one weak
  /// compare-exchange fail for no reason.
  everything,
  /// All in which in each thread at most one futex wait ends for no reason, and one by its time; and some of
  /// the others, at random.
  once_each,
  /// All in which nothing happens without a reason, and in each thread one timeout; and some of the others,
  /// at random.
  with_a_reason,
  /// Some of all, at random.
  at_random
};

/// How far to go with a scenario that has too many executions for a test.
struct Bounds {
  std::string_view program;
  Depth in_a_test;
  Depth in_verify;
};

/// One exploration of a scenario. Most have one, and none more than two.
struct Exploration {
  lockstep::check::Options options;
  std::string bounds;  ///< for people: "1 spurious wake, 2 timeouts, ..."
};

/// The scenarios that are not explored in whole wherever they are run.
[[nodiscard]] const std::vector<Bounds>& bounds();

/// What to explore of a scenario in a test; or, for hours if need be, to verify it.
[[nodiscard]] std::vector<Exploration> in_a_test(const Program& program);
[[nodiscard]] std::vector<Exploration> in_verify(const Program& program);

/// Do the tests explore every execution of it? Then none goes on and on.
[[nodiscard]] bool is_explored_in_whole(const Program& program);

/// With whatever may happen. Memory that is left at the end is a leak, except what the thread of the timers'
/// service has, which never ends.
[[nodiscard]] lockstep::check::Options whatever_may_happen(const Program& program);

}  // namespace model
