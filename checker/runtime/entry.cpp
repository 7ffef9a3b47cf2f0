#include "checker/runtime/entry.hpp"

#include <atomic>
#include <stdexcept>
#include <string>

namespace lockstep::check {
namespace {

/// Acquire and release: the next exploration may begin on another thread, with what this one left.
std::atomic<bool> is_under_way{false};

[[noreturn]] void refuse(const std::string& why) {
  throw std::invalid_argument("lockstep::check::explore: " + why);
}

}  // namespace

void check_values(const Options& options) {
  constexpr std::size_t most_events = 60'000;
  const bool walks = options.random_walks != 0, replays = !options.replay.empty();
  if (!options.resume.empty() && (walks || replays)) {
    refuse("random walks and replays are not resumed; another seed has other walks");
  }
  if (walks && replays) refuse("both random_walks and replay are asked for");
  if (options.jobs == 0) refuse("Options::jobs is 0; 1 is the process that calls");
  if (options.jobs > 1 && walks) {
    refuse(
        "jobs and random_walks are both asked for; walk with one job, or in several processes with "
        "seeds of their own");
  }
  if (options.explain && !replays) {
    refuse("explain is asked for without replay, the token of the execution to explain");
  }
  if (options.max_events > most_events) {
    refuse("max_events is " + std::to_string(options.max_events) + ", and at most " +
           std::to_string(most_events));
  }
  if (options.time_limit.count() < 0) refuse("time_limit is negative; 0 is none");
  if (options.progress_interval.count() < 0) {
    refuse("progress_interval is negative; 0 is after each execution");
  }
  if (options.nondet_values < 1) {
    refuse("nondet_values is " + std::to_string(options.nondet_values) +
           "; __VERIFIER_nondet_int() has at least one value");
  }
}

Entry::Entry() {
  if (is_exploring()) {
    throw std::logic_error(
        "lockstep::check::explore: called by a program that is being explored; explore the one or "
        "the "
        "other");
  }
  if (is_under_way.exchange(true, std::memory_order_acquire)) {
    throw std::logic_error(
        "lockstep::check::explore: another exploration is under way in this process, which can do "
        "one "
        "after another: call it when the other has returned, not from another thread or from "
        "Options::on_progress; Options::jobs spreads one over several processors");
  }
}

Entry::~Entry() { is_under_way.store(false, std::memory_order_release); }

}  // namespace lockstep::check
