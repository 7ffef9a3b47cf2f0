// checker/graph/event.hpp: what a thread did that other threads can see.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lockstep::check {

/// A memory order. Consume is acquire, here as in every compiler. `system`: of a call of the modelled
/// system, which orders nothing for the program, nor lets its fences do so.
enum class Order : std::uint8_t { relaxed, acquire, release, acq_rel, seq_cst, system };

[[nodiscard]] constexpr bool acquires(Order order) noexcept {
  return order == Order::acquire || order == Order::acq_rel || order == Order::seq_cst;
}
[[nodiscard]] constexpr bool releases(Order order) noexcept {
  return order == Order::release || order == Order::acq_rel || order == Order::seq_cst;
}

/// A read-modify-write is two events, a read and right after it a write; a failed compare-exchange
/// is the read alone, with its failure order. The events of a created thread follow its create, a
/// join follows the end of the joined thread, a wake the write that took the thread off a queue.
enum class Kind : std::uint8_t { read, write, fence, create, end, join, choice, wake };

/// What a read-modify-write of a queue of sleepers is (explore/sleepers.hpp). A thread goes to sleep, or
/// compares before it wakes others, if the read right before, of the word that they sleep on, saw what it
/// expected: and that read must not be older than what those know who woke sleepers before it came to the
/// queue (coherence.hpp).
enum class Role : std::uint8_t { none, sleeps, wakes, compares, moves };
[[nodiscard]] constexpr bool heeds(Role role) noexcept {
  return role == Role::sleeps || role == Role::compares;
}
[[nodiscard]] constexpr bool wakes(Role role) noexcept {
  return role == Role::wakes || role == Role::compares;
}

using Location = std::uint32_t;
__extension__ using Value = unsigned __int128;

inline constexpr std::size_t max_threads = 32;

/// Names an event: the index-th of its thread. Or the initial write of whatever location is meant,
/// which no thread made and which happens before everything.
struct EventId {
  static constexpr std::uint16_t nobody = 0xffff;

  std::uint16_t thread = nobody;
  std::uint16_t index = 0;

  [[nodiscard]] constexpr bool is_initial() const noexcept { return thread == nobody; }
  friend constexpr bool operator==(EventId, EventId) noexcept = default;
};

[[nodiscard]] constexpr EventId event_id(std::size_t thread, std::size_t index) noexcept {
  return {static_cast<std::uint16_t>(thread), static_cast<std::uint16_t>(index)};
}

/// A set of events that is closed under program order: how many of each thread are in it.
class alignas(16) View {
 public:
  View() noexcept : counts_{} {}
  /// One that is to be assigned before it is used.
  struct Unset {};
  explicit View(Unset) noexcept {}

  [[nodiscard]] bool contains(EventId event) const noexcept {
    return event.is_initial() || event.index < counts_[event.thread];
  }
  [[nodiscard]] std::size_t count(std::size_t thread) const noexcept { return counts_[thread]; }

  /// Adds an event, and so all before it in program order.
  void add(EventId event) noexcept {
    std::uint16_t& count = counts_[event.thread];
    count = std::max(count, static_cast<std::uint16_t>(event.index + 1));
  }
  /// Half of the time of a search was spent here: hence the vectors.
  void add(const View& other) noexcept {
    for (std::size_t t = 0; t < max_threads; t += lanes) {
      Lanes mine, others;
      std::memcpy(&mine, &counts_[t], sizeof mine);
      std::memcpy(&others, &other.counts_[t], sizeof others);
      mine = mine > others ? mine : others;
      std::memcpy(&counts_[t], &mine, sizeof mine);
    }
  }

 private:
  static constexpr std::size_t lanes = 8;
  using Lanes [[gnu::vector_size(lanes * sizeof(std::uint16_t))]] = std::uint16_t;

  std::array<std::uint16_t, max_threads> counts_;
};

/// What a thread did, and what it came to.
struct Label {
  Kind kind = Kind::fence;
  Order order = Order::relaxed;
  bool is_rmw = false;  // one of the two halves

  // Of a read by a read-modify-write: with what it sees, is_rmw and order change.
  bool is_update = false;
  bool is_compare = false;  // it writes only if it sees `expected`, as a compare-exchange
  bool is_unless = false;   // it writes only if it does not
  bool may_fail = false;    // a weak compare-exchange
  bool spurious = false;    // it fails though it sees what it expects
  bool parked = false;      // it would write what it sees, to no end: its thread waits instead
  Order success = Order::relaxed;
  Order failure = Order::relaxed;
  Role role = Role::none;

  std::uint16_t peer = 0;     // of create and join: the other thread
  std::uint16_t like = 0;     // of create: the thread before it that it is identical to; 0: none
  std::uint32_t choices = 0;  // of a choice: of how many
  std::uint32_t moves_behind =
      0;  // of a requeue's first half: how many it wakes before it moves, plus 1
  Location location = 0;
  EventId rf;          // of a read: the write that it sees; of a wake: the write that caused it
  Value value = 0;     // read, written, or chosen
  Value expected = 0;  // by a compare-exchange
};

/// An event of a graph. What it has beyond its label follows from the graph, which keeps it.
struct Event : Label {
  std::uint32_t place = 0;  // of a write: where it stands in co, from 1; 0: nowhere yet
  std::uint32_t nth = 0;    // where it stands in the order of adding
  std::uint16_t elder = 0;  // the thread whose event of this index must be there first (elders.hpp)

  /// Of the last release fence of the thread so far, whose hb? a relaxed write releases: its index, plus 1.
  std::uint16_t release_fence = 0;

  View porf;      // (po u rf u elders)*: itself and all that it depends on
  View hb;        // hb?: itself and all that happens before it
  View released;  // of a write: what happens before an acquire read that sees it

  Event() = default;
  /// Its views are set when it is known what it sees.
  explicit Event(const Label& label) noexcept
      : Label(label), porf(View::Unset{}), hb(View::Unset{}), released(View::Unset{}) {}
};

[[nodiscard]] constexpr bool is_access(const Label& label) noexcept {
  return label.kind == Kind::read || label.kind == Kind::write;
}

}  // namespace lockstep::check
