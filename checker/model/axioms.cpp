#include "checker/model/axioms.hpp"

#include "checker/model/fences.hpp"
#include "checker/model/relations.hpp"

namespace lockstep::check::axioms {
namespace {

bool is_sc(const Event& event) { return event.order == Order::seq_cst; }
bool is_sc_fence(const Event& event) { return event.kind == Kind::fence && is_sc(event); }

}  // namespace

// SC: acyclic(psc_base | psc_F), where
//   eco      = (rf | co | fr)+
//   scb      = po | po!=loc ; hb ; po!=loc | hb=loc | co | fr
//   psc_base = ([SC] | [F_sc] ; hb?) ; scb ; ([SC] | hb? ; [F_sc])
//   psc_F    = [F_sc] ; (hb | hb ; eco ; hb) ; [F_sc]
bool rc11(const Graph& graph) {
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

// SC: acyclic(po | rf | co | fr)
bool sc(const Graph& graph) {
  const Relations r(graph);
  return acyclic(r.po() | r.rf() | r.co() | r.fr());
}

// GlobalHappensBefore: acyclic(ppo | fenced | rfe | co | fr), where
//   ppo    = po between accesses, but for those from a write to a read, which a store buffer turns round
//   fenced = po ; [full fence] | [full fence] ; po | [fenced store] ; po
bool tso(const Graph& graph) {
  const Relations r(graph);
  const Relation po = r.po();
  const Relation kept = r.where([&](EventId a, EventId b) {
    return r.is_access(a) && r.is_access(b) && !(r.is_write(a) && r.is_read(b));
  });
  const Relation ppo = po & kept;
  const Relation fence = r.on(is_full_fence);
  const Relation fenced = (po >> fence) | (fence >> po) | (r.on(is_fenced_store) >> po);
  return acyclic(ppo | fenced | r.rfe() | r.co() | r.fr());
}

}  // namespace lockstep::check::axioms
