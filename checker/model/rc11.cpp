// checker/model/rc11.cpp: C++20 without load buffering.
//
// Lahav, Vafeiadis, Kang, Hur, Dreyer, "Repairing Sequential Consistency in C/C++11" (PLDI 2017),
// with C++20's release sequences. What it leaves out of C++20: executions with a cycle of po and
// rf. The axiom is in axioms.cpp; how it is decided, in partial_sc.hpp.
#include "checker/model/model.hpp"
#include "checker/model/partial_sc.hpp"

namespace lockstep::check {
namespace {

class Rc11 final : public Model {
  const char* name() const noexcept override { return "rc11"; }
  Synchronization synchronization() const noexcept override {
    return Synchronization::release_acquire;
  }
  bool may_refuse(const Graph& graph) const override { return graph.seq_cst() > 0; }
  bool allows(const Graph& graph) const override {
    return graph.seq_cst() < 2 || PartialSc(graph, scratch_).is_acyclic();
  }

  mutable PartialSc::Scratch scratch_;  // only one thread explores at a time
};

}  // namespace

const Model& rc11() noexcept {
  static const Rc11 model{};
  return model;
}

}  // namespace lockstep::check
