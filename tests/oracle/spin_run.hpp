// tests/oracle/spin_run.hpp: programs with loops that wait, run by a strategy of the checker.
//
// The litmus language has no loops, for brute force has no end of them. Here a thread is a list of
// steps, and some steps are done until they succeed; when one has failed and its thread is back
// where it was, the strategy is told that the thread waits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker/explore/fingerprint.hpp"
#include "checker/explore/strategy.hpp"

namespace spin {

namespace check = lockstep::check;

enum class Do {
  store,
  fetch_add,
  load,
  await,            // while (x.load() != value) {}
  lock,             // while (x.exchange(1) == 1) {}
  lock_weakly,      // while (!x.compare_exchange_weak(0, 1)) {}
  test_and_lock,    // do { while (x.load() == 1) {} } while (x.exchange(1) == 1)
  lock_unless,      // while (x.exchange(1) == 1) if (y.load() == value) return
  take_turn,        // mine = z.fetch_add(1); while (x.load() != mine) {}
  unlock,           // x.store(0)
  unlock_exchange,  // x.exchange(0)
};

struct Step {
  Do what;
  check::Location location = 0;
  check::Value value = 0;
  check::Location other = 1;    // of lock_unless
  check::Location tickets = 2;  // of take_turn
};
using Thread = std::vector<Step>;

/// How a run ended.
enum class End { complete, blocked, livelock };

/// Which loops of which threads came to nothing, and by seeing what, in one run or another.
class Idle final : public check::Foresight {
 public:
  struct Place {
    std::size_t thread, step;
    bool has_tested;
    check::Value ticket;
    auto operator<=>(const Place&) const = default;
  };

  void begin(const Place& place) { places_[place.thread] = place; }
  void note(const Place& place, const check::Sight& sight) { idle_[place].push_back(sight); }
  [[nodiscard]] bool idles(std::size_t thread, const check::Sight& sight) const override {
    const auto place = places_.find(thread);
    if (place == places_.end()) return false;
    const auto found = idle_.find(place->second);
    return found != idle_.end() &&
           std::find(found->second.begin(), found->second.end(), sight) != found->second.end();
  }

 private:
  std::map<std::size_t, Place> places_;  // where each thread is
  std::map<Place, std::vector<check::Sight>> idle_;
};

class Run {
 public:
  /// `like`: of each thread, if it is identical to some before it, the number, from 1, of the last of them; else 0.
  Run(const std::vector<Thread>& threads, check::Strategy& strategy,
      std::vector<std::size_t> like = {}, Idle* idle = nullptr)
      : strategy_(strategy),
        threads_(threads),
        like_(std::move(like)),
        state_(threads.size()),
        idle_(idle) {
    like_.resize(threads.size());
    strategy_.foresee_by(idle);
  }

  End run() {
    strategy_.begin_run();
    std::size_t running = 0;
    while (const check::ThreadSet able = able_now()) {
      running = strategy_.choose_thread(able, running);
      if (running == 0) {
        step_first();
      } else {
        step(running - 1);
      }
    }

    bool complete = true, stuck = true;
    for (std::size_t t = 0; t < state_.size(); ++t) {
      complete = complete && state_[t].has_ended;
      stuck = stuck && (state_[t].has_ended || strategy_.waits_for_ever(t + 1, state_[t].first));
    }
    strategy_.add_what_waits();
    return complete ? End::complete : stuck ? End::livelock : End::blocked;
  }

  /// What the loads and fetch_adds of each thread saw.
  [[nodiscard]] const std::string& outcome() const { return outcome_; }

 private:
  struct State {
    std::size_t next = 0;   // step
    std::size_t first = 0;  // event of the iteration
    bool has_tested = false;
    check::Value ticket = 0;
    bool waits = false;
    bool may_wake = false;
    bool has_ended = false;
  };

  [[nodiscard]] check::ThreadSet able_now() {
    check::ThreadSet able = first_ended_ ? 0 : 1;
    for (std::size_t t = 0; t < created_; ++t) {
      State& s = state_[t];
      if (s.waits && s.may_wake && strategy_.can_see_more(t + 1, s.first)) {
        s.waits = false;
      }
      if (!s.has_ended && !s.waits) able |= check::ThreadSet{2} << t;
    }
    return able;
  }

  void step_first() {
    if (created_ < threads_.size()) {
      strategy_.create(0, like_[created_]);
      ++created_;
    } else {
      strategy_.end(0);
      first_ended_ = true;
    }
  }

  void step(std::size_t t) {
    State& s = state_[t];
    if (s.next >= threads_[t].size()) {
      strategy_.end(t + 1);
      s.has_ended = true;
    } else {
      if (idle_ != nullptr) idle_->begin({t + 1, s.next, s.has_tested, s.ticket});
      perform(t, threads_[t][s.next]);
    }
  }

  void perform(std::size_t t, const Step& step) {
    State& s = state_[t];
    switch (step.what) {
      case Do::store:
      case Do::unlock:
        strategy_.store(t + 1, step.location, check::Order::release, step.value);
        return done(s);
      case Do::unlock_exchange:
        update(t, check::Operation::exchange, step.location, 0);
        return done(s);
      case Do::fetch_add:
        note(t, update(t, check::Operation::add, step.location, step.value));
        return done(s);
      case Do::load:
        note(t, load(t, step.location));
        return done(s);
      case Do::await:
        s.first = strategy_.done(t + 1);
        return load(t, step.location) == step.value ? done(s) : wait(t);
      case Do::lock:
        s.first = strategy_.done(t + 1);
        return update(t, check::Operation::exchange, step.location, 1) == 0 ? done(s) : wait(t);
      case Do::lock_weakly:
        return lock_weakly(t, step);
      case Do::test_and_lock:
        return test_and_lock(t, step);
      case Do::lock_unless:
        return lock_unless(t, step);
      case Do::take_turn:
        return take_turn(t, step);
    }
  }

  void lock_weakly(std::size_t t, const Step& step) {
    state_[t].first = strategy_.done(t + 1);
    check::Update update;
    update.operation = check::Operation::compare_exchange;
    update.order = check::Order::acquire;
    update.may_fail = true;
    update.operand = 1;
    if (strategy_.read_modify_write(t + 1, step.location, update).wrote) return done(state_[t]);
    wait(t);
  }

  void test_and_lock(std::size_t t, const Step& step) {
    State& s = state_[t];
    if (!s.has_tested) {
      s.first = strategy_.done(t + 1);
      if (load(t, step.location) == 1) return wait(t);
      s.has_tested = true;
    } else {
      if (update(t, check::Operation::exchange, step.location, 1) == 0) return done(s);
      s.has_tested = false;
      wait(t);
    }
  }

  void lock_unless(std::size_t t, const Step& step) {
    State& s = state_[t];
    if (!s.has_tested) {
      s.first = strategy_.done(t + 1);
      if (update(t, check::Operation::exchange, step.location, 1) == 0) return done(s);
      s.has_tested = true;
    } else {
      s.has_tested = false;
      if (load(t, step.other) != step.value) return wait(t);
      note(t, 99);
      s.next = threads_[t].size();
    }
  }

  void take_turn(std::size_t t, const Step& step) {
    State& s = state_[t];
    if (!s.has_tested) {
      s.ticket = update(t, check::Operation::add, step.tickets, 1);
      s.has_tested = true;
    } else {
      s.first = strategy_.done(t + 1);
      if (load(t, step.location) != s.ticket) return wait(t);
      s.ticket = 0;
      done(s);
    }
  }

  check::Value load(std::size_t t, check::Location location) {
    return strategy_.load(t + 1, location, check::Order::acquire).value;
  }
  check::Value update(std::size_t t, check::Operation operation, check::Location location,
                      check::Value operand) {
    check::Update update;
    update.operation = operation;
    update.order = check::Order::acq_rel;
    update.operand = operand;
    return strategy_.read_modify_write(t + 1, location, update).value;
  }

  static void done(State& s) {
    ++s.next;
    s.has_tested = false;
  }
  void wait(std::size_t t) {
    note_idle(t);
    state_[t].waits = true;
    state_[t].may_wake = strategy_.park(t + 1, state_[t].first);
  }
  /// A round of one read.
  void note_idle(std::size_t t) {
    const auto& events = strategy_.graph().thread(t + 1);
    const std::size_t done = strategy_.done(t + 1);
    const bool wrote = events[done - 1].kind == check::Kind::write;
    if (idle_ == nullptr || done - (wrote ? 2 : 1) != state_[t].first) return;
    const check::Event& read = events[state_[t].first];
    const State& s = state_[t];
    idle_->note({t + 1, s.next, s.has_tested, s.ticket}, {read.value, wrote || read.parked});
  }
  void note(std::size_t t, check::Value value) {
    outcome_ += std::to_string(t) + '=' + std::to_string(static_cast<int>(value)) + ' ';
  }

  check::Strategy& strategy_;
  const std::vector<Thread>& threads_;
  std::vector<std::size_t> like_;
  std::vector<State> state_;
  Idle* idle_;
  std::size_t created_ = 0;
  bool first_ended_ = false;
  std::string outcome_;
};

/// All runs of a strategy.
struct Runs {
  int complete = 0, blocked = 0, livelocks = 0;
  std::set<check::Fingerprint> complete_graphs, all_graphs;

  [[nodiscard]] int all() const { return complete + blocked + livelocks; }
};

inline Runs runs(const std::vector<Thread>& threads, check::Strategy& strategy,
                 bool learns = false) {
  Runs runs;
  Idle idle;
  do {
    const End end = Run(threads, strategy, {}, learns ? &idle : nullptr).run();
    (end == End::complete ? runs.complete : end == End::blocked ? runs.blocked : runs.livelocks)++;
    runs.all_graphs.insert(fingerprint_of(strategy.graph()));
    if (end == End::complete) runs.complete_graphs.insert(fingerprint_of(strategy.graph()));
  } while (strategy.end_run());
  return runs;
}

/// Each of n threads does these steps k times.
inline std::vector<Thread> n_times_k(std::size_t n, std::size_t k, const Thread& section) {
  Thread thread;
  for (; k > 0; --k) thread.insert(thread.end(), section.begin(), section.end());
  return std::vector<Thread>(n, thread);
}

}  // namespace spin
