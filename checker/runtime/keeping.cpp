// checker/runtime/keeping.cpp: states of the program that are kept, for runs that go on from there.
//
// A thread that is about to choose who goes on asks for it, and goes back to the explorer. There all threads stand, and what
// they have can be copied. Then the thread goes on: at once, and in each run that goes on from the copy; and chooses.
#include "checker/runtime/execution.hpp"

namespace lockstep::check {

/// Is all that the execution has changed known, and not too much? And does nobody wait in a loop: what a round did is
/// left behind in other runs, which do not come to it.
bool Execution::can_be_kept() const noexcept {
  constexpr std::size_t enough = std::size_t{128} << 10;  // bytes: not to take all memory
  if (recorder_ != nullptr || has_changed_c_library_ || turns_.is_given_up) return false;
  if (!opened_.is_empty() || !histories_.is_empty()) return false;
  std::size_t bytes = shadow_.bytes_to_keep() + undo_log_.bytes_to_keep();
  for (const std::size_t id : Members(turns_.used)) {
    const Thread& thread = *threads_[id];
    if (thread.state == Thread::State::parked || thread.random.is_used()) return false;
    bytes += thread.heap.used() + thread.stack_top() - thread.lowest_stack + thread.home.size() +
             thread.spin.size();
  }
  return bytes < enough;
}

void Execution::ask_to_keep(Thread& me) {
  const std::size_t number = strategy_->keep();
  while (states_.size() <= number) states_.emplace_back();
  to_keep_ = number;
  lockstep_switch(&me.context, &explorer_, explorer_thread_pointer_);
}

void Execution::keep(ProgramState& state) {
  state.turns = turns_;
  state.outcome = outcome_;
  state.keys = keys_;
  state.memory.clear();
  state.threads.resize(static_cast<std::size_t>(std::popcount(turns_.used)));
  auto kept = state.threads.begin();
  for (const std::size_t id : Members(turns_.used)) kept++->keep(*threads_[id], state.memory);
  locations_.keep(state.locations, [&](Location location) { return graph_->initial(location); });
  shadow_.keep(state.shadow);
  undo_log_.keep(state.globals);
  globals_.keep(state.memory);
}

/// In an execution that has just begun.
void Execution::put_back(const ProgramState& state) {
  turns_ = state.turns;
  outcome_ = state.outcome;
  keys_ = state.keys;
  auto kept = state.threads.begin();
  for (const std::size_t id : Members(turns_.used)) kept++->put_back(*threads_[id]);
  state.memory.put_back();
  for (const Locations::Kept& each : state.locations) {
    locations_.put_back(each);
    if (each.entry.size != 0) strategy_->initialize(each.entry.location, each.initial);
  }
  shadow_.put_back(state.shadow);
  undo_log_.put_back(state.globals);
}

}  // namespace lockstep::check
