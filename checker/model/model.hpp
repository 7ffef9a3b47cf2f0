// checker/model/model.hpp: which graphs a memory model allows.
//
// What all models here share is kept by the search and by Graph, not checked by the model:
//   NoThinAir  acyclic(po | rf)              no read is set to a write that depends on it
//   Atomicity  empty(rmw & (fr ; co))        no write is placed between the two halves
//   Coherence  irreflexive(hb ; eco?)        reads and writes are placed behind what happens before
// where hb is (po | sw)+ in rc11, and (po | rf)+ in the others. The latter is sound for tso too: a
// write leaves its thread only through a read of it or of a later one, and tso keeps its writes in
// order.
#pragma once

#include "checker/graph/graph.hpp"

namespace lockstep::check {

class Model {
 public:
  virtual ~Model() = default;
  [[nodiscard]] virtual const char* name() const noexcept = 0;
  [[nodiscard]] virtual Synchronization synchronization() const noexcept = 0;

  /// Might it say no to the graph, or to one that differs in what its last event sees or where it
  /// is placed? Quickly told.
  [[nodiscard]] virtual bool may_refuse(const Graph& graph) const = 0;

  /// Is a graph allowed that has the properties above?
  [[nodiscard]] virtual bool allows(const Graph& graph) const = 0;
};

[[nodiscard]] const Model& rc11() noexcept;
[[nodiscard]] const Model& sc() noexcept;
[[nodiscard]] const Model& tso() noexcept;

}  // namespace lockstep::check
