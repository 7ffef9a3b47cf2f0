// tests/oracle/axioms.hpp: the memory models. One axiom, one function, reading like its formula (CHECKER.md, section 3).
//
// A Graph is one candidate execution. The models filter candidates:
//   rc11  C++20 as RC11 (Lahav et al., "Repairing Sequential Consistency in C/C++11", PLDI 2017), with C++20's release
//         sequences; no load buffering: NoThinAir holds in all three models, and enumerate.hpp asks it first.
//   sc    sequential consistency: one total order of all events, whatever orders the program names.
//   tso   x86-TSO under the usual mapping of C++: a seq_cst store is a store and an mfence, a seq_cst fence is an mfence,
//         a read-modify-write is locked, everything else is a plain mov. A compare-exchange is locked also when it
//         fails: `lock cmpxchg` is one instruction, and does not know beforehand.
//
// A read-modify-write is two events, a read and a write in rmw, both with the order it names: the read half acquires,
// the write half releases, and of a seq_cst one both halves are SC events. A failed compare-exchange is a read with its
// failure order.
//
// Checked by: litmus counts; two abstract machines, which know no axioms (operational.hpp); theorems (oracle_test.cpp).
#pragma once

#include <array>
#include <string_view>

#include "relation.hpp"

namespace oracle {

struct Graph {
  Set reads = 0, writes = 0, fences = 0;   // which events are what
  Set acquires = 0, releases = 0, sc = 0;  // by order; seq_cst is in all three that it can be in
  Set locked = 0;                          // of a read-modify-write or a compare-exchange
  Relation po;             // program order; the initial writes are before everything
  Relation same_location;  // of reads and writes; a fence has no location
  Relation rmw, rf, co;    // the initial write is co-first
};

inline Relation from_read(const Graph& g) { return seq(inverse(g.rf), g.co); }

// --- For every model -----------------------------------------------------------------------------

// NoThinAir: acyclic(po | rf)
inline bool no_thin_air(const Graph& g) { return acyclic(g.po | g.rf); }

// Atomicity: no write lands between a read-modify-write's read and its own write.
//   empty(rmw & (fr ; co))
inline bool atomicity(const Graph& g) { return empty(g.rmw & seq(from_read(g), g.co)); }

// --- rc11 ----------------------------------------------------------------------------------------

// rs = [W] ; (rf ; rmw)*
inline Relation release_sequence(const Graph& g) {
  return seq(id(g.writes), star(seq(g.rf, g.rmw)));
}

// sw = ([W_rel] | [F_rel] ; po ; [W]) ; rs ; rf ; ([R_acq] | [R] ; po ; [F_acq])
inline Relation synchronizes_with(const Graph& g) {
  const Relation released =
      id(g.writes & g.releases) | seq(id(g.fences & g.releases), g.po, id(g.writes));
  const Relation acquired =
      id(g.reads & g.acquires) | seq(id(g.reads), g.po, id(g.fences & g.acquires));
  return seq(released, release_sequence(g), g.rf, acquired);
}

// hb = (po | sw)+
inline Relation happens_before(const Graph& g) { return plus(g.po | synchronizes_with(g)); }

// eco = (rf | co | fr)+
inline Relation extended_coherence(const Graph& g) { return plus(g.rf | g.co | from_read(g)); }

// Coherence: irreflexive(hb ; eco?)
inline bool coherence(const Relation& hb, const Relation& eco) {
  return irreflexive(seq(hb, maybe(eco)));
}

// scb = po | po≠loc ; hb ; po≠loc | hb=loc | co | fr        where po≠loc = po - same_location: fences count as elsewhere
inline Relation sc_before(const Graph& g, const Relation& hb) {
  const Relation po_elsewhere = g.po - g.same_location;
  return g.po | seq(po_elsewhere, hb, po_elsewhere) | (hb & g.same_location) | g.co | from_read(g);
}

// psc_base = ([SC] | [F_sc] ; hb?) ; scb ; ([SC] | hb? ; [F_sc])
inline Relation psc_base(const Graph& g, const Relation& hb) {
  const Relation sc = id(g.sc), fence_sc = id(g.fences & g.sc);
  return seq(sc | seq(fence_sc, maybe(hb)), sc_before(g, hb), sc | seq(maybe(hb), fence_sc));
}

// psc_F = [F_sc] ; (hb | hb ; eco ; hb) ; [F_sc]
inline Relation psc_fences(const Graph& g, const Relation& hb, const Relation& eco) {
  const Relation fence_sc = id(g.fences & g.sc);
  return seq(fence_sc, hb | seq(hb, eco, hb), fence_sc);
}

// SC: acyclic(psc_base | psc_F)
inline bool seq_cst(const Graph& g, const Relation& hb, const Relation& eco) {
  return g.sc == 0 || acyclic(psc_base(g, hb) | psc_fences(g, hb, eco));
}

inline bool rc11(const Graph& g) {
  const Relation hb = happens_before(g), eco = extended_coherence(g);
  return atomicity(g) && coherence(hb, eco) && seq_cst(g, hb, eco);
}

// --- sc ------------------------------------------------------------------------------------------

// acyclic(po | rf | co | fr)
inline bool total_order(const Graph& g) { return acyclic(g.po | g.rf | g.co | from_read(g)); }

inline bool sc(const Graph& g) { return atomicity(g) && total_order(g); }

// --- tso -----------------------------------------------------------------------------------------

// acyclic(po=loc | rf | co | fr)
inline bool coherence_by_location(const Graph& g) {
  return acyclic((g.po & g.same_location) | g.rf | g.co | from_read(g));
}

// ppo: all of po but from a write to a read, which a store buffer may turn round.
inline Relation preserved_order(const Graph& g) {
  const Set accesses = g.reads | g.writes;
  return (g.po & cross(accesses, accesses)) - cross(g.writes, g.reads);
}

// mfence = po ; [F_sc] ; po | [W_sc] ; po
inline Relation mfence(const Graph& g) {
  return seq(g.po, id(g.fences & g.sc), g.po) | seq(id(g.writes & g.sc), g.po);
}

// implied = po ; [locked] | [locked] ; po
inline Relation implied(const Graph& g) {
  return seq(g.po, id(g.locked)) | seq(id(g.locked), g.po);
}

// acyclic(ppo | mfence | implied | rfe | co | fr)      An initial write has no predecessor, so its rf edges do not matter.
inline bool global_order(const Graph& g) {
  const Relation rfe = g.rf - g.po;
  return acyclic(preserved_order(g) | mfence(g) | implied(g) | rfe | g.co | from_read(g));
}

inline bool tso(const Graph& g) {
  return atomicity(g) && coherence_by_location(g) && global_order(g);
}

// --- By name -------------------------------------------------------------------------------------

struct Model {
  std::string_view name;
  bool (*consistent)(const Graph&);
};

inline constexpr std::array<Model, 3> models{{{"rc11", rc11}, {"sc", sc}, {"tso", tso}}};

}  // namespace oracle
