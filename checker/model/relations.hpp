// checker/model/relations.hpp: the relations of a graph that the axioms speak of.
#pragma once

#include <cstddef>

#include "checker/graph/graph.hpp"
#include "checker/graph/relation.hpp"

namespace lockstep::check {

class Relations {
 public:
  explicit Relations(const Graph& graph) : graph_(graph) {}

  /// All pairs of different events for which `related(a, b, ids...)`.
  template <class Related>
  [[nodiscard]] Relation where(Related related) const {
    Relation relation(graph_.size());
    for (std::size_t a = 0; a < graph_.size(); ++a) {
      for (std::size_t b = 0; b < graph_.size(); ++b) {
        if (a != b && related(id(a), id(b))) relation.add(a, b);
      }
    }
    return relation;
  }

  /// [set]: the identity on the events for which `member(event)`.
  template <class Member>
  [[nodiscard]] Relation on(Member member) const {
    Relation relation(graph_.size());
    for (std::size_t a = 0; a < graph_.size(); ++a) {
      if (member(graph_[id(a)])) relation.add(a, a);
    }
    return relation;
  }

  /// Program order; with it, what C++ has "additionally synchronize": a thread's events follow its
  /// creation, and a join follows the end of the joined thread. Where every read synchronizes, also
  /// a wake what caused it.
  [[nodiscard]] Relation po() const {
    return plus(where([&](EventId a, EventId b) {
      if (a.thread == b.thread) return a.index < b.index;
      if (b.index == 0 && graph_.creator(b.thread) == a) return true;
      if (graph_[b].kind == Kind::wake) return graph_[b].hb.contains(a) && graph_[b].rf == a;
      return graph_[b].kind == Kind::join && graph_[b].peer == a.thread;
    }));
  }
  [[nodiscard]] Relation rf() const {
    return where([&](EventId a, EventId b) { return sees(b, a); });
  }
  /// rf between threads.
  [[nodiscard]] Relation rfe() const {
    return where([&](EventId a, EventId b) { return a.thread != b.thread && sees(b, a); });
  }
  [[nodiscard]] Relation co() const {
    return where([&](EventId a, EventId b) {
      return is_write(a) && is_write(b) && same_location(a, b) && place(a) < place(b);
    });
  }
  /// fr = rf^-1 ; co
  [[nodiscard]] Relation fr() const {
    return where([&](EventId a, EventId b) {
      return is_read(a) && is_write(b) && same_location(a, b) && place(a) < place(b);
    });
  }
  [[nodiscard]] Relation hb() const {
    return where([&](EventId a, EventId b) { return graph_[b].hb.contains(a); });
  }

  [[nodiscard]] bool same_location(EventId a, EventId b) const noexcept {
    return is_access(a) && is_access(b) && graph_[a].location == graph_[b].location;
  }
  [[nodiscard]] bool is_read(EventId a) const noexcept { return graph_[a].kind == Kind::read; }
  [[nodiscard]] bool is_write(EventId a) const noexcept { return graph_[a].kind == Kind::write; }
  [[nodiscard]] bool is_access(EventId a) const noexcept { return check::is_access(graph_[a]); }

 private:
  [[nodiscard]] EventId id(std::size_t n) const noexcept { return graph_.added()[n]; }
  [[nodiscard]] bool sees(EventId read, EventId write) const noexcept {
    return is_read(read) && graph_[read].rf == write;
  }
  /// In co: of a write its own place, of a read that of what it sees.
  [[nodiscard]] std::size_t place(EventId a) const noexcept {
    return graph_.place(is_write(a) ? a : graph_[a].rf);
  }

  const Graph& graph_;
};

}  // namespace lockstep::check
