// checker/model/rc11.cpp: C++20 without load buffering.
//
// Lahav, Vafeiadis, Kang, Hur, Dreyer, "Repairing Sequential Consistency in C/C++11" (PLDI 2017),
// with C++20's release sequences. What it leaves out of C++20: executions with a cycle of po and
// rf.
#include <algorithm>

#include "checker/model/model.hpp"
#include "checker/model/relations.hpp"

namespace lockstep::check {
namespace {

bool is_sc(const Event& event) { return event.order == Order::seq_cst; }
bool is_sc_fence(const Event& event) { return event.kind == Kind::fence && is_sc(event); }

// SC: acyclic(psc_base | psc_F), where
//   eco      = (rf | co | fr)+
//   scb      = po | po!=loc ; hb ; po!=loc | hb=loc | co | fr
//   psc_base = ([SC] | [F_sc] ; hb?) ; scb ; ([SC] | hb? ; [F_sc])
//   psc_F    = [F_sc] ; (hb | hb ; eco ; hb) ; [F_sc]
bool sequentially_consistent_where_asked(const Graph& graph) {
  const Relations r(graph);
  const auto same_location = [&](EventId a, EventId b) { return r.same_location(a, b); };
  const Relation po = r.po();
  const Relation hb = r.hb();
  const Relation co = r.co();
  const Relation fr = r.fr();
  const Relation eco = plus(r.rf() | co | fr);
  const Relation same = r.where(same_location);
  const Relation other = r.where([&](EventId a, EventId b) { return !same_location(a, b); });
  const Relation elsewhere = po & other;
  const Relation scb = po | (elsewhere >> hb >> elsewhere) | (hb & same) | co | fr;
  const Relation sc = r.on(is_sc);
  const Relation sc_fence = r.on(is_sc_fence);
  const Relation psc_base =
      (sc | (sc_fence >> optional(hb))) >> scb >> (sc | (optional(hb) >> sc_fence));
  const Relation psc_fence = sc_fence >> (hb | (hb >> eco >> hb)) >> sc_fence;
  return acyclic(psc_base | psc_fence);
}

class Rc11 final : public Model {
  const char* name() const noexcept override { return "rc11"; }
  Synchronization synchronization() const noexcept override {
    return Synchronization::release_acquire;
  }
  bool allows(const Graph& graph) const override {
    const auto& events = graph.added();
    const auto sc =
        std::count_if(events.begin(), events.end(), [&](EventId e) { return is_sc(graph[e]); });
    return sc < 2 || sequentially_consistent_where_asked(graph);
  }
};

}  // namespace

const Model& rc11() noexcept {
  static const Rc11 model;
  return model;
}

}  // namespace lockstep::check
