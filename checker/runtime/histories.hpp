// checker/runtime/histories.hpp: what the program records of operations on its objects (lockstep/linearizability.hpp),
// and whether a sequential object could have done the same.
//
// A call and a return are points between two events of a thread, told by how many it had done, as a plain access
// is (shadow.hpp). A return is before a call if the thread came from the one to the other, or if the event
// that followed the return happens before the call. Neither is an event itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checker/history/linearization.hpp"
#include "checker/report/finding.hpp"
#include "checker/runtime/thread.hpp"
#include "lockstep/check/history.hpp"

namespace lockstep::check {
namespace history {

/// Where a thread is: after so many of its events, and after all points with lower numbers in its own past.
struct Point {
  std::size_t thread = 0;
  std::size_t after = 0;  // events
  std::size_t nth = 0;    // of all points of the execution
  View hb{};              // what happens before

  /// Is what was done here before what is done there?
  [[nodiscard]] bool is_before(const Point& later) const noexcept {
    return thread == later.thread ? nth < later.nth : later.hb.count(thread) > after;
  }
};

struct Performed {
  enum class State : std::uint8_t { called, returned, withdrawn };

  std::string name;
  State state = State::called;
  Point called, came_back;
  std::size_t events_at_call = 0, events_at_return = 0;  // of all threads, if they are recorded
  Response response{};
  Backtrace where{};  // if one is recorded
};

struct Recorded {
  std::unique_ptr<AnyReference> initial;
  bool is_of_execution = false;       // made in it
  bool is_used = false;               // in it
  std::deque<Performed> performed{};  // those who perform them know where they are
};

}  // namespace history

/// Those of an execution.
class Histories {
 public:
  Histories() = default;
  Histories(const Histories&) = delete;
  Histories& operator=(const Histories&) = delete;
  ~Histories() { begin_execution(); }

  void begin_execution() noexcept;
  /// Has the execution recorded anything?
  [[nodiscard]] bool is_empty() const noexcept { return used_.empty() && points_ == 0; }

  /// One that the execution made.
  void add(history::Recorded& recorded);
  history::Performed& call(const Thread& me, history::Recorded& recorded, std::string_view name);
  void come_back(const Thread& me, history::Performed& performed);

  /// At the end of an execution. If a history has no linearization: that, for the report.
  [[nodiscard]] std::unique_ptr<NotLinearizable> check() const;

 private:
  [[nodiscard]] history::Point point(const Thread& me) {
    return {me.id, me.done, ++points_, me.hb};
  }

  std::vector<history::Recorded*> used_;
  std::size_t points_ = 0;
};

}  // namespace lockstep::check
