// checker/model/sc.cpp: one interleaving of all threads, whatever the orders in the program say.
//
// Lamport, "How to make a multiprocessor computer that correctly executes multiprocess programs"
// (1979). The axiom is in axioms.cpp.
#include "checker/model/model.hpp"
#include "checker/model/store_buffers.hpp"

namespace lockstep::check {
namespace {

class Sc final : public Model {
  const char* name() const noexcept override { return "sc"; }
  Synchronization synchronization() const noexcept override { return Synchronization::every_read; }
  bool may_refuse(const Graph&) const override { return true; }
  bool allows(const Graph& graph) const override {
    const auto always = [](const Event&) { return true; };  // no buffers
    return StoreBuffers(graph, always, always).comes_to_the_end();
  }
};

}  // namespace

const Model& sc() noexcept {
  static const Sc model;
  return model;
}

}  // namespace lockstep::check
