#include "checker/explore/search.hpp"

#include <algorithm>
#include <bit>

#include "checker/explore/asked.hpp"
#include "checker/explore/bug.hpp"
#include "checker/explore/symmetry.hpp"

namespace lockstep::check {

Search::Search(const Model& model, unsigned spurious_failures)
    : model_(model), spurious_failures_(spurious_failures) {
  begin_exploration(0);
}

// The run

void Search::begin_run() {
  done_.fill(0);
  created_.fill(0);
  recorded_ = to_replay_ = graph().size();
  first_ = end_ = kept_at_ = 0;
  work_before_ = top().work.size();
  revisited_.reset();
  is_futile_ = false;
  goes_on_from_.reset();
  if (keeping_ == Keeping::never) return;
  if (const Waypoint* const last = waypoints_.last(depth_)) go_on_from(*last);
  next_needs_ = kept_for_next_work();
}

/// What is repeated comes in the order of adding, as far as it can.
std::size_t Search::choose_thread(ThreadSet able, std::size_t /*running*/) {
  if (to_replay_ == 0) return static_cast<std::size_t>(std::countr_zero(able));
  const EventId* const next = next_to_repeat(able);
  if (next == nullptr) {
    throw Divergence("no thread that is able to go on was the next to do so in an earlier run");
  }
  return next->thread;
}

const EventId* Search::next_to_repeat(ThreadSet able) const noexcept {
  const std::vector<EventId>& added = graph().added();
  while (first_ < recorded_ && added[first_].index < done_[added[first_].thread]) ++first_;
  for (std::size_t nth = first_; nth < recorded_; ++nth) {
    const EventId& event = added[nth];
    const bool is_next = event.index == done_[event.thread];
    if (is_next && (able >> event.thread & 1) != 0 && can_repeat(event.thread)) return &event;
  }
  return nullptr;
}

/// Is there a next event of the thread in the graph, and has all happened that it depends on?
bool Search::can_repeat(std::size_t thread) const noexcept {
  if (!is_recorded(thread)) return false;
  const auto& events = graph().thread(thread);
  const Event& event = events[done_[thread]];
  if (event.kind == Kind::join) return done_[event.peer] == graph().thread(event.peer).size();
  if (event.kind == Kind::wake) return event.rf.index < done_[event.rf.thread];
  if (event.kind != Kind::read) return true;
  // A read half without its other half goes last, because that will be new.
  const bool is_unfinished = event.is_rmw && done_[thread] + 1u == events.size();
  if (is_unfinished && to_replay_ > 1) return false;
  return event.rf.is_initial() || event.rf.index < done_[event.rf.thread];
}

const Event& Search::replay(std::size_t thread, const Label& asked) {
  const EventId id{static_cast<std::uint16_t>(thread), done_[thread]};
  refuse_divergence(id, graph()[id], asked);
  --to_replay_;
  ++done_[thread];
  end_ = std::max<std::size_t>(end_, graph()[id].nth + 1);
  if (to_replay_ == 0 && revisited_) suspend_revisited();
  return graph()[id];
}

EventId Search::add(std::size_t thread, const Label& asked) {
  if (to_replay_ > 0) {
    refuse_event(thread, asked, "before what happened in an earlier run has happened again");
  }
  const auto& events = graph().thread(thread);
  if (!events.empty() && events.back().parked) {
    refuse_event(thread, asked, "where it waited in an earlier run");
  }
  ++done_[thread];
  const EventId added = top().graph.add(thread, asked);
  refuse_unlike_elder(graph(), added);
  return added;
}

void Search::add_write(std::size_t thread, const Label& asked) {
  const EventId write = add(thread, asked);
  put_by_revisits(write);
  choose_place(write);
}

Seen Search::load(std::size_t thread, Location location, Order order) {
  const Label asked = asked_load(location, order);
  if (is_recorded(thread)) return seen_by(replay(thread, asked));
  const EventId read = add(thread, asked);
  if (!choose_rf(read, nullptr)) checker_bug("there is nothing for a load to see");
  return seen_by(graph()[read]);
}

void Search::store(std::size_t thread, Location location, Order order, Value value) {
  const Label asked = asked_store(location, order, value);
  if (is_recorded(thread)) {
    replay(thread, asked);
  } else {
    add_write(thread, asked);
  }
}

Seen Search::read_modify_write(std::size_t thread, Location location, const Update& update) {
  Label read = asked_update(location, update);
  if (is_recorded(thread)) {
    read = replay(thread, read);
  } else {
    const EventId id = add(thread, read);
    const bool is_possible = choose_rf(id, &update);
    if (!is_possible) return {.impossible = true};
    read = graph()[id];
  }
  if (!read.is_rmw) return seen_by(read);
  const Label write = asked_write(location, update, read.value);
  if (is_recorded(thread)) {
    replay(thread, write);
  } else {
    add_write(thread, write);
  }
  return seen_by(read);
}

void Search::fence(std::size_t thread, Order order) { do_simple(thread, asked_fence(order)); }
void Search::end(std::size_t thread) { do_simple(thread, asked(Kind::end)); }
void Search::join(std::size_t thread, std::size_t joined) {
  do_simple(thread, asked(Kind::join, joined));
}

void Search::wake(std::size_t thread, EventId by, Location location, Order order) {
  do_simple(thread, asked_wake(by, location, order));
}

/// An event that can come out in one way only.
void Search::do_simple(std::size_t thread, const Label& asked) {
  if (is_recorded(thread)) {
    replay(thread, asked);
  } else {
    add(thread, asked);
  }
}

std::size_t Search::create(std::size_t thread, std::size_t like) {
  const std::size_t created = numbers_.of(thread, created_[thread]++);
  if (created < max_threads) do_simple(thread, asked(Kind::create, created, like));
  return created;
}

/// What leads to no execution as things are may do so after a revisit.
std::size_t Search::choose(std::size_t thread, std::size_t n, std::size_t /*open*/) {
  const Label asked = asked_choice(n);
  if (is_recorded(thread)) return static_cast<std::size_t>(replay(thread, asked).value);
  const EventId choice = add(thread, asked);
  for (std::size_t other = 1; other < n; ++other) {
    if (!may_choose_after_elders(graph(), choice, other)) continue;
    put_by({.size = graph().size(), .kind = Work::Kind::pick, .value = other});
  }
  return 0;
}

void Search::initialize(Location location, Value value) {
  top().graph.set_initial(location, value);
}

// Waiting

/// Was the thread created as one of several that are identical? Of the first of them it is known when there is another.
bool Search::has_identical(std::size_t thread) const noexcept {
  const auto like = [&](std::size_t t) {
    const EventId creator = graph().creator(t);
    return creator.is_initial() ? std::size_t{0} : std::size_t{graph()[creator].like};
  };
  if (thread == 0) return false;
  if (like(thread) != 0) return true;
  for (std::size_t t = 1; t < max_threads; ++t) {
    if (like(t) == thread) return true;
  }
  return false;
}

/// If the last event of the thread, with which it waits, can never become another, then the thread
/// waits in every graph that could be reached from this one. Such graphs hold nothing new: without
/// the idle iteration they are graphs too, and met elsewhere.
bool Search::park(std::size_t thread, std::size_t first) {
  if (done_[thread] != graph().thread(thread).size()) {
    throw Divergence("thread " + std::to_string(thread) + " waits where it went on before");
  }
  if (done_[thread] <= first) return false;
  take_back_write(thread);
  const EventId last{static_cast<std::uint16_t>(thread),
                     static_cast<std::uint16_t>(done_[thread] - 1)};
  const Attempt* const earlier = last_attempt(last);
  const bool is_repeated = earlier != nullptr && graph()[last].rf == earlier->saw;
  if (is_repeated || was_added_maximally(graph(), last, View{})) {
    const bool is_one_read = last.index == first && graph()[last].kind == Kind::read;
    return is_one_read && !has_identical(thread) && suspend(last);
  }
  drop_work_beyond(graph()[last].nth + 1);
  is_futile_ = true;
  return false;
}

/// If what was added last is what the thread wrote, and it wrote what it saw, then without it.
void Search::take_back_write(std::size_t thread) {
  Graph& g = top().graph;
  const EventId last = g.added().back();
  const Event& write = g[last];
  if (last.thread != thread || write.nth < recorded_) return;
  if (write.kind != Kind::write || !write.is_rmw) return;
  if (g[Graph::read_half(last)].value != write.value) return;
  waypoints_.cut(depth_, g[Graph::read_half(last)].nth);
  g.remove_last();
  g.park(Graph::read_half(last));
  --done_[thread];
  drop_work_beyond(g.size());
}

/// Drops the work that this run put by and for which the graph would be longer than that.
void Search::drop_work_beyond(std::size_t size) {
  auto& work = top().work;
  const auto found = work.begin() + static_cast<std::ptrdiff_t>(work_before_);
  work.erase(std::remove_if(found, work.end(), [&](const Work& w) { return w.size > size; }),
             work.end());
}

// Work that was put by

bool Search::end_run() {
  is_futile_ = false;
  return next();
}

void Search::cut_back(Exploration& exploration, std::size_t size) {
  while (exploration.graph.size() > size) exploration.graph.remove_last();
  auto& attempts = exploration.attempts;
  while (!attempts.empty() && attempts.back().size >= size) attempts.pop_back();
}

bool Search::next() {
  while (true) {
    auto& work = top().work;
    if (work.empty()) {
      if (depth_ == 1) return false;
      set_depth(depth_ - 1);
      continue;
    }
    const Work first = work.back();
    work.pop_back();
    cut_back(top(), first.size);
    waypoints_.cut(depth_, first.size - 1);
    if (carry_out(first)) return true;
  }
}

/// True: the graph is another, and the program is to be run with it. False: there may be more work.
bool Search::carry_out(const Work& work) {
  Graph& g = top().graph;
  const EventId last = g.added().back();
  switch (work.kind) {
    case Work::Kind::see:
      g.set_rf(last, work.event, work.fails);
      return true;
    case Work::Kind::place:
      g.erase_co(last);
      g.insert_co(last, work.place);
      return true;
    case Work::Kind::pick:
      g.set_choice(last, work.value);
      return true;
    case Work::Kind::settle:
      waypoints_.cut(depth_, g[work.event].nth);
      g.erase_co(last);
      g.insert_co(last, work.place);
      g.set_rf(work.event, last, work.fails);
      return true;
    case Work::Kind::revisit:
      revisit(work.event);
      return false;
    case Work::Kind::revisit_rmw: {
      g.set_rf(last, work.event);
      Label write = asked_store(g[last].location, g[last].success, work.value);
      write.is_rmw = true;
      g.add(last.thread, write);
      revisit(work.revisited);
      return false;
    }
  }
  checker_bug("unknown work");
}

/// Whatever graph and work it has, they are to be replaced, by a graph that has so many first events in common
/// with the one below.
void Search::begin_exploration(std::size_t common) {
  if (stack_.size() == depth_) stack_.push_back({Graph(model_.synchronization()), {}, {}});
  set_depth(depth_ + 1);
  waypoints_.begin_level(depth_, common);
  top().work.clear();
  top().attempts.clear();
}

}  // namespace lockstep::check
