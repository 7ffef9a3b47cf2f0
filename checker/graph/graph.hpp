// checker/graph/graph.hpp: one execution, as a graph of events.
//
// Relations: po is the order within each thread; rf is kept in the reads; co, the order of the
// writes to each location, is a list for each, the initial write before it. All others follow from
// these. `added` is no relation of the memory model: it is the order in which the search added the
// events, and a linear extension of po.
//
// Each event carries the set of those before it in (po u rf)+ and in hb. They are computed when it
// is added and when its rf changes, which happens only while nothing depends on it yet.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "checker/graph/event.hpp"

namespace lockstep::check {

/// Which reads synchronize with what they see: by C++'s rules, or every one.
enum class Synchronization : std::uint8_t { release_acquire, every_read };

class Graph {
 public:
  explicit Graph(Synchronization synchronization) noexcept : synchronization_(synchronization) {}

  [[nodiscard]] const Event& operator[](EventId id) const noexcept {
    return threads_[id.thread][id.index];
  }
  [[nodiscard]] std::size_t threads() const noexcept { return threads_.size(); }
  [[nodiscard]] const std::vector<Event>& thread(std::size_t t) const noexcept {
    return threads_[t];
  }
  [[nodiscard]] const std::vector<EventId>& added() const noexcept { return added_; }
  [[nodiscard]] std::size_t size() const noexcept { return added_.size(); }

  /// The writes to a location in co, without the initial one.
  [[nodiscard]] const std::vector<EventId>& co(Location location) const noexcept {
    static const std::vector<EventId> none;
    return location < co_.size() ? co_[location] : none;
  }

  /// Where a placed write stands in co; the initial one at 0.
  [[nodiscard]] std::size_t place(EventId write) const noexcept {
    if (write.is_initial()) return 0;
    const auto& writes = co_[(*this)[write].location];
    return static_cast<std::size_t>(std::find(writes.begin(), writes.end(), write) -
                                    writes.begin()) +
           1;
  }
  [[nodiscard]] EventId write_at(Location location, std::size_t place) const noexcept {
    return place == 0 ? EventId{} : co_[location][place - 1];
  }

  [[nodiscard]] Value value_of(EventId write) const noexcept {
    return write.is_initial() ? Value{0} : (*this)[write].value;
  }

  /// Does a read-modify-write see the write at `place`, and so stand right behind it?
  [[nodiscard]] bool is_consumed(Location location, std::size_t place) const noexcept {
    if (place == co(location).size()) return false;
    const EventId next = write_at(location, place + 1);
    return (*this)[next].is_rmw && (*this)[read_half(next)].rf == write_at(location, place);
  }

  /// The write half's other half.
  [[nodiscard]] static EventId read_half(EventId write) noexcept {
    return {write.thread, static_cast<std::uint16_t>(write.index - 1)};
  }

  /// Adds an event at the end of its thread: a write not yet placed in co, a read not yet set to
  /// see a write.
  EventId add(std::size_t thread, const Event& event) {
    if (threads_.size() <= thread) threads_.resize(thread + 1);
    const EventId id{static_cast<std::uint16_t>(thread),
                     static_cast<std::uint16_t>(threads_[thread].size())};
    threads_[thread].push_back(event);
    added_.push_back(id);
    compute_views(id);
    return id;
  }

  /// Sets what a read sees that is the last of its thread.
  void set_rf(EventId read, EventId write) noexcept {
    Event& event = at(read);
    event.rf = write;
    event.value = value_of(write);
    if (event.is_compare) {
      event.is_rmw = event.value == event.expected;
      event.order = event.is_rmw ? event.success : event.failure;
    }
    compute_views(read);
  }

  /// Puts a write into co, at `place` (1: right after the initial one).
  void insert_co(EventId write, std::size_t place) {
    const Location location = at(write).location;
    if (co_.size() <= location) co_.resize(location + 1);
    auto& writes = co_[location];
    writes.insert(writes.begin() + static_cast<std::ptrdiff_t>(place) - 1, write);
  }
  void erase_co(EventId write) noexcept {
    const Location location = at(write).location;
    if (location < co_.size()) std::erase(co_[location], write);
  }

  /// Takes back what was added last.
  void remove_last() noexcept {
    const EventId last = added_.back();
    if (at(last).kind == Kind::write) erase_co(last);
    threads_[last.thread].pop_back();
    added_.pop_back();
  }

  /// The part of this graph made of the events for which `keep(id, nth added)` is true, in the same
  /// orders. It must be closed under po, and under rf but for reads that are set anew.
  template <class Keep>
  [[nodiscard]] Graph restricted_to(Keep keep) const {
    Graph part(synchronization_);
    part.threads_.resize(threads_.size());
    part.added_.reserve(added_.size());
    for (std::size_t i = 0; i < added_.size(); ++i) {
      if (!keep(added_[i], i)) continue;
      part.threads_[added_[i].thread].push_back((*this)[added_[i]]);
      part.added_.push_back(added_[i]);
    }
    part.co_.resize(co_.size());
    for (std::size_t l = 0; l < co_.size(); ++l) {
      for (const EventId write : co_[l]) {
        if (write.index < part.threads_[write.thread].size()) part.co_[l].push_back(write);
      }
    }
    return part;
  }

 private:
  [[nodiscard]] Event& at(EventId id) noexcept { return threads_[id.thread][id.index]; }

  void compute_views(EventId id) noexcept {
    Event& event = at(id);
    event.porf = event.hb = event.released = event.fenced = event.acquirable = View{};
    if (id.index > 0) {
      const Event& before = threads_[id.thread][id.index - 1u];
      event.porf = before.porf;
      event.hb = before.hb;
      event.fenced = before.fenced;
      event.acquirable = before.acquirable;
    }
    event.porf.add(id);
    event.hb.add(id);
    switch (event.kind) {
      case Kind::read:
        return see(event);
      case Kind::write:
        return release(id, event);
      case Kind::fence:
        if (acquires(event.order)) event.hb.add(event.acquirable);
        if (releases(event.order)) event.fenced = event.hb;
    }
  }

  void see(Event& read) noexcept {
    if (read.rf.is_initial()) return;
    const Event& write = at(read.rf);
    read.porf.add(write.porf);
    if (synchronization_ == Synchronization::every_read) {
      read.hb.add(write.hb);
    } else if (acquires(read.order)) {
      read.hb.add(write.released);
    } else {
      read.acquirable.add(write.released);
    }
  }

  void release(EventId id, Event& write) noexcept {
    write.released = releases(write.order) ? write.hb : write.fenced;
    if (!write.is_rmw) return;
    const EventId seen = at(read_half(id)).rf;  // the release sequence goes on
    if (!seen.is_initial()) write.released.add(at(seen).released);
  }

  Synchronization synchronization_;
  std::vector<std::vector<Event>> threads_;
  std::vector<EventId> added_;
  std::vector<std::vector<EventId>> co_;
};

}  // namespace lockstep::check
