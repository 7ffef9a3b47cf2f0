#include "checker/explore/walk.hpp"

#include "checker/explore/asked.hpp"
#include "checker/explore/bug.hpp"
#include "checker/explore/coherence.hpp"

namespace lockstep::check {

void Walk::begin_run() {
  graph_.clear();
  created_.fill(0);
}

EventId Walk::add(std::size_t thread, const Label& asked) {
  begin_event(thread, asked);
  return graph_.add(thread, asked);
}

Seen Walk::load(std::size_t thread, Location location, Order order) {
  const EventId read = add(thread, asked_load(location, order));
  if (!choose_sight(read)) checker_bug("there is nothing for a load to see");
  return seen_by(graph_[read]);
}

void Walk::store(std::size_t thread, Location location, Order order, Value value) {
  choose_place(add(thread, asked_store(location, order, value)));
}

Seen Walk::read_modify_write(std::size_t thread, Location location, const Update& update) {
  const EventId read = add(thread, asked_update(location, update));
  if (!choose_sight(read)) return {.impossible = true};
  if (graph_[read].is_rmw && waits()) graph_.park(read);
  const Seen seen = seen_by(graph_[read]);
  if (graph_[read].is_rmw) {
    const EventId write = graph_.add(thread, asked_write(location, update, seen.value));
    graph_.insert_co(write, graph_.place(graph_[read].rf) + 1);
  }
  return seen;
}

void Walk::fence(std::size_t thread, Order order) { add(thread, asked_fence(order)); }
void Walk::end(std::size_t thread) { add(thread, asked(Kind::end)); }
void Walk::join(std::size_t thread, std::size_t joined) { add(thread, asked(Kind::join, joined)); }

void Walk::wake(std::size_t thread, EventId by, Location location, Order order) {
  add(thread, asked_wake(by, location, order));
}

std::size_t Walk::choose(std::size_t thread, std::size_t n, std::size_t open) {
  const EventId choice = add(thread, asked_choice(n));
  const std::size_t picked = pick_choice(n, open);
  graph_.set_choice(choice, picked);
  return picked;
}

/// Of a thread that has done nothing since.
void Walk::change_choice(std::size_t thread, std::size_t chosen) {
  const EventId last{static_cast<std::uint16_t>(thread),
                     static_cast<std::uint16_t>(graph_.thread(thread).size() - 1)};
  if (graph_[last].kind != Kind::choice) checker_bug("what is to be chosen again is no choice");
  graph_.set_choice(last, chosen);
}

std::optional<std::size_t> Walk::find_sight(const std::vector<Sight>& sights, std::uint64_t later,
                                            bool fails) {
  const std::size_t last = sights.back().place;
  for (std::size_t i = 0; i < sights.size(); ++i) {
    if (sights[i].place + later == last && sights[i].fails == fails) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> Walk::find_place(const std::vector<std::size_t>& places,
                                            std::uint64_t later) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] + later == places.back()) return i;
  }
  return std::nullopt;
}

std::size_t Walk::create(std::size_t thread, std::size_t /*like*/) {
  const std::size_t created = number_of_created(thread, created_[thread]++);
  if (created < max_threads) add(thread, asked(Kind::create, created));
  return created;
}

void Walk::initialize(Location location, Value value) { graph_.set_initial(location, value); }

bool Walk::park(std::size_t /*thread*/, std::size_t /*first*/) { return true; }

/// May a read that has seen what it expects fail nevertheless?
bool Walk::may_fail(EventId read) const {
  if (!graph_[read].may_fail) return false;
  unsigned failures = 0;
  for (const Event& event : graph_.thread(read.thread)) failures += event.spurious ? 1 : 0;
  return failures < spurious_failures_;
}

/// What is coherent, and leaves room for a write half: the model has yet to be asked.
void Walk::find_sights(EventId read) {
  const Location location = graph_[read].location;
  const bool fails_too = may_fail(read);
  sights_.clear();
  for (std::size_t place = lowest_place(graph_, read); place <= graph_.co(location).size();
       ++place) {
    graph_.set_rf(read, graph_.write_at(location, place));
    const bool writes = graph_[read].is_rmw;
    if (writes && fails_too) sights_.push_back({place, true});
    if (writes && graph_.is_consumed(location, place)) continue;
    if (!is_of_queue(graph_[read]) || sleepers_heed_wakes(graph_, location)) {
      sights_.push_back({place, false});
    }
  }
}

/// False: there is nothing that it could see, as it may be for a thread that goes to sleep having seen an
/// old value.
/// If a read half is allowed, so is its write half right behind what it sees: all that the latter
/// comes before, the former does as well. The last write may always be seen.
bool Walk::choose_sight(EventId read) {
  find_sights(read);
  while (!sights_.empty()) {
    const std::size_t picked = pick_sight(sights_);
    const Sight sight = sights_[picked];
    graph_.set_rf(read, graph_.write_at(graph_[read].location, sight.place), sight.fails);
    if (picked + 1 == sights_.size() || model_.allows(graph_)) return true;
    sights_.erase(sights_.begin() + static_cast<std::ptrdiff_t>(picked));
  }
  return false;
}

void Walk::choose_place(EventId write) {
  find_coherent_places(graph_, write, places_);
  while (!places_.empty()) {
    const std::size_t picked = pick_place(places_);
    graph_.insert_co(write, places_[picked]);
    if (picked + 1 == places_.size() || model_.allows(graph_)) return;
    graph_.erase_co(write);
    places_.erase(places_.begin() + static_cast<std::ptrdiff_t>(picked));
  }
  checker_bug("there is no place for a write");
}

}  // namespace lockstep::check
