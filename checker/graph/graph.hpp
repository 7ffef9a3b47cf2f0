// checker/graph/graph.hpp: one execution, as a graph of events.
//
// Relations: po is the order within each thread; rf is kept in the reads; co, the order of the
// writes to each location, is a list for each, the initial write before it. All others follow from
// these. `added` is no relation of the memory model: it is the order in which the search added the
// events, and a linear extension of po, of creations and of joins.
//
// Each event carries the set of those before it in (po u rf)+ and in hb, creations and joins
// included (views.hpp). They are computed when it is added and when its rf changes, which happens
// only while nothing depends on it yet.
#pragma once

#include <array>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include "checker/graph/accesses.hpp"
#include "checker/graph/event.hpp"

namespace lockstep::check {

/// Which reads synchronize with what they see: by C++'s rules, or every one.
enum class Synchronization : std::uint8_t { release_acquire, every_read };

class Graph {
 public:
  explicit Graph(Synchronization synchronization) noexcept : synchronization_(synchronization) {}

  /// One that was written down: events with their labels and views, in the order of adding, and the lists of each
  /// location.
  Graph(Synchronization synchronization, std::vector<std::vector<Event>> threads,
        std::vector<EventId> added, AccessesByLocation accesses);

  [[nodiscard]] const Event& operator[](EventId id) const noexcept {
    return threads_[id.thread][id.index];
  }
  /// No thread that has events has a number as high.
  [[nodiscard]] std::size_t threads() const noexcept { return threads_.size(); }
  [[nodiscard]] const std::vector<Event>& thread(std::size_t t) const noexcept {
    return t < threads_.size() ? threads_[t] : no_events_;
  }
  /// The event that created the thread. None, which is_initial() tells, for the first thread.
  [[nodiscard]] EventId creator(std::size_t t) const noexcept { return creators_[t]; }
  [[nodiscard]] const std::vector<EventId>& added() const noexcept { return added_; }
  [[nodiscard]] std::size_t size() const noexcept { return added_.size(); }
  [[nodiscard]] Synchronization synchronization() const noexcept { return synchronization_; }
  /// How many of the events are seq_cst.
  [[nodiscard]] std::size_t seq_cst() const noexcept { return seq_cst_; }

  /// The writes to a location in co, without the initial one.
  [[nodiscard]] const std::vector<EventId>& co(Location location) const noexcept {
    const Accesses* const found = accesses_.find(location);
    return found == nullptr ? nothing_ : found->co;
  }
  /// The reads of a location, as they were added.
  [[nodiscard]] const std::vector<EventId>& reads(Location location) const noexcept {
    const Accesses* const found = accesses_.find(location);
    return found == nullptr ? nothing_ : found->reads;
  }
  /// All locations that the graph has touched.
  [[nodiscard]] const AccessesByLocation& accesses() const noexcept { return accesses_; }

  /// Where a write stands in co; the initial one at 0, as one that is not placed yet.
  [[nodiscard]] std::size_t place(EventId write) const noexcept {
    return write.is_initial() ? 0 : (*this)[write].place;
  }
  [[nodiscard]] EventId write_at(Location location, std::size_t place) const noexcept {
    return place == 0 ? EventId{} : co(location)[place - 1];
  }

  /// What the location holds before any write.
  [[nodiscard]] Value initial(Location location) const noexcept {
    const Accesses* const found = accesses_.find(location);
    return found == nullptr ? Value{0} : found->initial;
  }
  void set_initial(Location location, Value value) { accesses_.touch(location).initial = value; }

  /// What a write to the location wrote.
  [[nodiscard]] Value value_of(Location location, EventId write) const noexcept {
    return write.is_initial() ? initial(location) : (*this)[write].value;
  }

  /// What the last write in co wrote.
  [[nodiscard]] Value last_value(Location location) const noexcept {
    return value_of(location, write_at(location, co(location).size()));
  }

  /// Does a read-modify-write see the write at `place`, and so stand right behind it?
  [[nodiscard]] bool is_consumed(Location location, std::size_t place) const noexcept {
    const auto& writes = co(location);
    if (place == writes.size()) return false;
    const EventId next = writes[place];
    return (*this)[next].is_rmw && (*this)[read_half(next)].rf == write_at(location, place);
  }

  /// The write half's other half.
  [[nodiscard]] static EventId read_half(EventId write) noexcept {
    return {write.thread, static_cast<std::uint16_t>(write.index - 1)};
  }

  /// Adds an event at the end of its thread: a write that is then to be placed in co, a read that
  /// is then to be set to see a write.
  EventId add(std::size_t thread, const Label& label) {
    make_room_for(thread);
    auto& events = threads_[thread];
    if (events.size() == EventId::nobody) throw std::length_error("too many events in a thread");
    const EventId id{static_cast<std::uint16_t>(thread), static_cast<std::uint16_t>(events.size())};
    events.emplace_back(label);
    events.back().elder = elder_of(id);
    enter(id);
    if (label.kind != Kind::read) compute_views(id);
    return id;
  }

  /// If a read saw that write, would it be one half of a read-modify-write?
  [[nodiscard]] bool would_write(EventId read, EventId write) const noexcept {
    const Event& event = (*this)[read];
    if (!event.is_update) return false;
    if (!event.is_compare) return true;
    return (value_of(event.location, write) == event.expected) != event.is_unless;
  }

  /// Sets what a read sees that is the last of its thread. `fails`: a weak compare-exchange fails
  /// though it sees what it expects.
  void set_rf(EventId read, EventId write, bool fails = false) noexcept;

  /// Of a read that is the last of its thread, and would write: it waits instead.
  void park(EventId read) noexcept {
    at(read).is_rmw = false;
    at(read).parked = true;
  }

  void set_choice(EventId choice, Value value) noexcept { at(choice).value = value; }

  /// Puts a write into co, at `place` (1: right after the initial one).
  void insert_co(EventId write, std::size_t place) {
    auto& writes = accesses_.touch(at(write).location).co;
    writes.insert(writes.begin() + static_cast<std::ptrdiff_t>(place) - 1, write);
    number(writes, place);
  }
  void erase_co(EventId write) noexcept {
    const std::size_t place = at(write).place;
    if (place == 0) return;
    auto& writes = accesses_.touch(at(write).location).co;
    writes.erase(writes.begin() + static_cast<std::ptrdiff_t>(place) - 1);
    number(writes, place);
    at(write).place = 0;
  }

  /// Takes back what was added last.
  void remove_last() noexcept;

  /// Takes back everything.
  void clear() noexcept;

  /// Becomes the part of `whole` made of the events in `kept`, in the same orders. That must be
  /// closed under rf but for reads that are set anew.
  void assign_part(const Graph& whole, const View& kept);
  /// The same, of itself.
  void keep_part(const View& kept);

 private:
  [[nodiscard]] Event& at(EventId id) noexcept { return threads_[id.thread][id.index]; }

  void make_room_for(std::size_t thread) {
    if (threads_.size() <= thread) threads_.resize(thread + 1);
  }
  /// Tells the writes from `place` on where they stand.
  void number(const std::vector<EventId>& writes, std::size_t place) noexcept {
    for (; place <= writes.size(); ++place) {
      at(writes[place - 1]).place = static_cast<std::uint32_t>(place);
    }
  }

  void enter(EventId id);
  [[nodiscard]] std::uint16_t elder_of(EventId id) const noexcept;
  void depend_on_elder(EventId id, Event& event) const noexcept;
  void compute_views(EventId id) noexcept;
  void see(Event& read) const noexcept;
  void acquire_what_was_read(EventId id, Event& fence) const noexcept;
  void release(EventId id, Event& write) const noexcept;

  static inline const std::vector<Event> no_events_;
  static inline const std::vector<EventId> nothing_;

  Synchronization synchronization_;
  std::vector<std::vector<Event>> threads_;
  std::array<EventId, max_threads> creators_{};
  std::vector<EventId> added_;
  AccessesByLocation accesses_;
  std::size_t seq_cst_ = 0;
};

}  // namespace lockstep::check

#include "checker/graph/elders.hpp"
#include "checker/graph/views.hpp"
