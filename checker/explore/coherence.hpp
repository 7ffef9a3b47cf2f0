// checker/explore/coherence.hpp: what a new event may see, or where it may be placed, if coherence
// and atomicity are to hold.
#pragma once

#include <cstddef>
#include <vector>

#include "checker/graph/graph.hpp"

namespace lockstep::check {

/// The first place in co, of the event's location, that it may see, or behind which it may be put.
[[nodiscard]] std::size_t lowest_place(const Graph& graph, EventId event);

/// Where a write that is not in co may go: the places behind what happens before it, but not
/// between the halves of a read-modify-write; its own write half right behind what it sees.
void find_coherent_places(const Graph& graph, EventId write, std::vector<std::size_t>& places);

/// Is it, or its read half, a change of a queue of sleepers?
[[nodiscard]] inline bool is_of_queue(const Label& read) noexcept {
  return read.is_update && read.success == Order::system;
}

/// Does no thread sleep on a queue for which it saw, in the read before, an older value of its word than
/// those know who woke sleepers there before it came? They hold the queue's lock one after the other,
/// and a sleeper reads the word when it has the lock.
[[nodiscard]] bool sleepers_heed_wakes(const Graph& graph, Location queue);

/// The first place in co, of the word, that the thread may have seen if it goes to sleep behind all that is
/// in the queue.
[[nodiscard]] std::size_t lowest_heeding_place(const Graph& graph, std::size_t thread,
                                               Location word, Location queue);

}  // namespace lockstep::check
