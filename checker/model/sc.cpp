// checker/model/sc.cpp: one interleaving of all threads, whatever the orders in the program say.
//
// Lamport, "How to make a multiprocessor computer that correctly executes multiprocess programs"
// (1979).
#include "checker/model/model.hpp"
#include "checker/model/relations.hpp"

namespace lockstep::check {
namespace {

// SC: acyclic(po | rf | co | fr)
class Sc final : public Model {
  const char* name() const noexcept override { return "sc"; }
  Synchronization synchronization() const noexcept override { return Synchronization::every_read; }
  bool allows(const Graph& graph) const override {
    const Relations r(graph);
    return acyclic(r.po() | r.rf() | r.co() | r.fr());
  }
};

}  // namespace

const Model& sc() noexcept {
  static const Sc model;
  return model;
}

}  // namespace lockstep::check
