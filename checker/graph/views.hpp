// checker/graph/views.hpp: how a graph changes; above all the views of its events, which are the sets
// of those before them.
#pragma once

#include "checker/graph/graph.hpp"

namespace lockstep::check {

inline Graph::Graph(Synchronization synchronization, std::vector<std::vector<Event>> threads,
                    std::vector<EventId> added, AccessesByLocation accesses)
    : synchronization_(synchronization),
      threads_(std::move(threads)),
      added_(std::move(added)),
      accesses_(std::move(accesses)) {
  for (std::size_t nth = 0; nth < added_.size(); ++nth) {
    const EventId id = added_[nth];
    if (id.index >= thread(id.thread).size()) throw std::invalid_argument("there is no such event");
    Event& event = at(id);
    event.nth = static_cast<std::uint32_t>(nth);
    if (event.order == Order::seq_cst) ++seq_cst_;
    if (event.kind == Kind::create && event.peer < creators_.size()) creators_[event.peer] = id;
  }
  for (const Accesses& each : accesses_) number(each.co, 1);
}

/// The event is in its thread: what follows for the rest of the graph, but for co.
inline void Graph::enter(EventId id) {
  Event& event = at(id);
  event.nth = static_cast<std::uint32_t>(added_.size());
  event.place = 0;
  added_.push_back(id);
  if (event.order == Order::seq_cst) ++seq_cst_;
  if (event.kind == Kind::read) accesses_.touch(event.location).reads.push_back(id);
  if (event.kind == Kind::create && event.peer < creators_.size()) creators_[event.peer] = id;
}

inline void Graph::remove_last() noexcept {
  const EventId last = added_.back();
  const Event& event = at(last);
  erase_co(last);
  if (event.order == Order::seq_cst) --seq_cst_;
  if (event.kind == Kind::read) accesses_.touch(event.location).reads.pop_back();
  if (event.kind == Kind::create) creators_[event.peer] = EventId{};
  threads_[last.thread].pop_back();
  added_.pop_back();
}

inline void Graph::clear() noexcept {
  for (auto& events : threads_) events.clear();
  creators_.fill(EventId{});
  added_.clear();
  accesses_.clear();
  seq_cst_ = 0;
}

inline void Graph::assign_part(const Graph& whole, const View& kept) {
  clear();
  synchronization_ = whole.synchronization_;
  make_room_for(whole.threads() - 1);
  for (std::size_t t = 0; t < whole.threads(); ++t) {
    const auto begin = whole.threads_[t].begin();
    threads_[t].assign(begin, begin + static_cast<std::ptrdiff_t>(kept.count(t)));
  }
  for (const EventId id : whole.added_) {
    if (!kept.contains(id)) continue;
    Event& event = at(id);
    event.nth = static_cast<std::uint32_t>(added_.size());
    added_.push_back(id);
    if (event.order == Order::seq_cst) ++seq_cst_;
    if (event.kind == Kind::create) creators_[event.peer] = id;
  }
  for (const Accesses& old : whole.accesses_) {
    const Accesses* const part = accesses_.add_part(old, kept);
    if (part != nullptr) number(part->co, 1);
  }
}

inline void Graph::keep_part(const View& kept) {
  const auto is_gone = [&](EventId id) { return !kept.contains(id); };
  for (const EventId id : added_) {
    if (!is_gone(id)) continue;
    if (at(id).order == Order::seq_cst) --seq_cst_;
    if (at(id).kind == Kind::create) creators_[at(id).peer] = EventId{};
  }
  for (std::size_t t = 0; t < threads_.size(); ++t) {
    auto& events = threads_[t];
    events.erase(events.begin() + static_cast<std::ptrdiff_t>(kept.count(t)), events.end());
  }
  std::erase_if(added_, is_gone);
  for (std::size_t nth = 0; nth < added_.size(); ++nth) {
    at(added_[nth]).nth = static_cast<std::uint32_t>(nth);
  }
  accesses_.keep_part(kept);
  for (const Accesses& accesses : accesses_) number(accesses.co, 1);
}

inline void Graph::set_rf(EventId read, EventId write, bool fails) noexcept {
  Event& event = at(read);
  event.rf = write;
  event.value = value_of(event.location, write);
  event.spurious = fails;
  event.parked = false;
  event.is_rmw = !fails && would_write(read, write);
  if (event.is_compare) {
    if (event.order == Order::seq_cst) --seq_cst_;
    event.order = event.is_rmw ? event.success : event.failure;
    if (event.order == Order::seq_cst) ++seq_cst_;
  }
  compute_views(read);
}

inline void Graph::compute_views(EventId id) noexcept {
  Event& event = at(id);
  event.released = View{};
  if (id.index > 0) {
    const Event& before = threads_[id.thread][id.index - 1u];
    event.porf = before.porf;
    event.hb = before.hb;
    event.release_fence = before.release_fence;
  } else {
    const EventId creator = creators_[id.thread];
    event.porf = creator.is_initial() ? View{} : at(creator).porf;
    event.hb = creator.is_initial() ? View{} : at(creator).hb;
    event.release_fence = 0;
  }
  event.porf.add(id);
  event.hb.add(id);
  if (event.elder != 0) depend_on_elder(id, event);
  switch (event.kind) {
    case Kind::read:
    case Kind::wake:
      return see(event);
    case Kind::write:
      return release(id, event);
    case Kind::fence:
      if (acquires(event.order)) acquire_what_was_read(id, event);
      if (releases(event.order)) event.release_fence = static_cast<std::uint16_t>(id.index + 1);
      return;
    case Kind::join:
      event.porf.add(threads_[event.peer].back().porf);
      event.hb.add(threads_[event.peer].back().hb);
      return;
    case Kind::create:
    case Kind::end:
    case Kind::choice:
      return;
  }
}

inline void Graph::see(Event& read) const noexcept {  // or a wake, by what it sees
  if (read.rf.is_initial()) return;
  const Event& write = (*this)[read.rf];
  read.porf.add(write.porf);
  if (synchronization_ == Synchronization::every_read) {
    read.hb.add(write.hb);
  } else if (acquires(read.order)) {
    read.hb.add(write.released);
  }
}

/// An acquire fence acquires what the relaxed reads before it have seen released. Those before an earlier one happened
/// before that.
inline void Graph::acquire_what_was_read(EventId id, Event& fence) const noexcept {
  if (synchronization_ == Synchronization::every_read) return;
  const auto& events = threads_[id.thread];
  for (std::size_t i = id.index; i-- > 0;) {
    const Event& event = events[i];
    if (event.kind == Kind::fence && acquires(event.order)) return;
    const bool sees = event.kind == Kind::read || event.kind == Kind::wake;
    if (!sees || event.rf.is_initial() || event.order == Order::system) continue;
    fence.hb.add((*this)[event.rf].released);
  }
}

inline void Graph::release(EventId id, Event& write) const noexcept {
  if (write.order == Order::system) return;
  if (releases(write.order)) {
    write.released = write.hb;
  } else if (write.release_fence != 0) {
    write.released = threads_[id.thread][write.release_fence - 1u].hb;
  }
  if (!write.is_rmw) return;
  const EventId seen = (*this)[read_half(id)].rf;  // the release sequence goes on
  if (!seen.is_initial()) write.released.add((*this)[seen].released);
}

}  // namespace lockstep::check
