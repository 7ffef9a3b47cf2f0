// checker/model/tso.cpp: x86, compiled as compilers do: a seq_cst store is followed by a fence, a
// seq_cst fence is one, a read-modify-write is locked and so acts as one (also a compare-exchange
// that fails), all else is a plain access.
//
// Owens, Sarkar, Sewell, "A better x86 memory model: x86-TSO" (2009), in the axiomatic form of
// Alglave, Maranget, Tautschnig, "Herding cats" (2014).
#include "checker/model/model.hpp"
#include "checker/model/relations.hpp"

namespace lockstep::check {
namespace {

bool is_full_fence(const Event& event) {
  return event.is_rmw || event.is_compare ||
         (event.order == Order::seq_cst && event.kind == Kind::fence);
}
bool is_fenced_store(const Event& event) {
  return event.kind == Kind::write && event.order == Order::seq_cst;
}

// GlobalHappensBefore: acyclic(ppo | fenced | rfe | co | fr), where
//   ppo    = po between accesses, but for those from a write to a read, which a store buffer turns round
//   fenced = po ; [full fence] | [full fence] ; po | [fenced store] ; po
class Tso final : public Model {
  const char* name() const noexcept override { return "tso"; }
  Synchronization synchronization() const noexcept override { return Synchronization::every_read; }
  bool allows(const Graph& graph) const override {
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
};

}  // namespace

const Model& tso() noexcept {
  static const Tso model;
  return model;
}

}  // namespace lockstep::check
