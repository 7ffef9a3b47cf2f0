// checker/model/partial_sc.hpp: is there an order of the seq_cst events that rc11 asks for? Its axiom,
// acyclic(psc_base | psc_F) (axioms.cpp), in time that grows with the events and the threads.
//
// All seq_cst events of a thread are ordered by psc, as po is; so those that must come before an event
// b can be told by a number for each thread. They are these, with s for a seq_cst access, f for such a
// fence, x and y for any event. If b is an access:
//   (1) s  po!=loc ; hb? ; po!=loc  b     by the last event before b that is elsewhere
//   (2) s  hb=loc  b, s a write     (3) s  co  b     (4) s  fr  b     (5) f  hb ; (co | fr)  b
// If b is a fence:
//   (6) s  (co | fr) ; hb  b              (7) f  hb ; eco ; hb  b
// The axiom has more edges from fences and to them, which go along hb alone. A cycle that has such an
// edge is one without. What leads from f to an event that it happens before goes on, at last, by co or
// fr, hb having no cycle: by (5) or (7) it leads there from f at once. What leads to f, the same way back;
// and so it is with (2) and a read s, which co and fr do not lead to.
// Creation and joins are in po here; (1) has them, an event without location standing at each.
//
// Then the events are taken as they come, each thread's in po, if what they need has been taken.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/graph/graph.hpp"

namespace lockstep::check {

class PartialSc {
 public:
  /// What is known of the first events of a thread, up to a given one.
  struct Prefix {
    std::uint16_t sc = 0;            // how many of them are seq_cst
    std::uint16_t sc_fenced = 0;     // how many of them are, up to the last fence
    std::uint16_t sc_elsewhere = 0;  // how many of them are, before the last ones of one location
    std::uint16_t elsewhere = 0;     // how many are before the last ones of one location
  };
  using Scratch = std::vector<Prefix>;

  PartialSc(const Graph& graph, Scratch& scratch);
  [[nodiscard]] bool is_acyclic();

 private:
  using Counts = std::array<std::uint16_t, max_threads>;

  [[nodiscard]] const Prefix& prefix(std::size_t thread, std::size_t events) const {
    return prefixes_[begin_[thread] + events];
  }
  void find_prefixes(std::size_t thread);

  bool advance(std::size_t thread);
  [[nodiscard]] bool has_what_it_needs() const;

  void need_before_access(EventId access);
  void need_before_write(const Event& write);
  void need_before_fence(const Event& fence);
  void need_before_fence(const Accesses& accesses, const View& hb);
  [[nodiscard]] EventId last_elsewhere(EventId access) const;

  // By the event that is looked at.
  void need(std::size_t thread, std::uint16_t count) {
    if (need_[thread] < count) need_[thread] = count;
  }
  void need(EventId sc_event) {
    need(sc_event.thread, prefix(sc_event.thread, sc_event.index + 1u).sc);
  }
  void need_fences(const View& hb) {
    for (std::size_t t = 0; t < graph_.threads(); ++t) need(t, prefix(t, hb.count(t)).sc_fenced);
  }
  [[nodiscard]] bool is_sc(EventId id) const { return graph_[id].order == Order::seq_cst; }
  /// In co: of a write its own place, of a read that of what it sees.
  [[nodiscard]] std::size_t place_seen(EventId read) const { return graph_.place(graph_[read].rf); }

  const Graph& graph_;
  bool has_fences_ = false;
  Scratch& prefixes_;                             // of all threads, one after the other
  std::array<std::size_t, max_threads> begin_{};  // of each thread's
  std::array<std::size_t, max_threads> at_{};     // the event of each thread that is next
  Counts taken_{};                                // seq_cst events of each thread
  Counts need_{};                                 // of the event that is looked at
};

}  // namespace lockstep::check
