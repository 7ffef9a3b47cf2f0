// checker/model/tso.cpp: x86, compiled as compilers do (fences.hpp).
//
// Owens, Sarkar, Sewell, "A better x86 memory model: x86-TSO" (2009), as the machine that they give.
// The axioms of Alglave, Maranget, Tautschnig, "Herding cats" (2014), are in axioms.cpp.
#include "checker/model/fences.hpp"
#include "checker/model/model.hpp"
#include "checker/model/store_buffers.hpp"

namespace lockstep::check {
namespace {

bool drains(const Event& event) { return is_fenced_store(event) || is_full_fence(event); }

class Tso final : public Model {
  const char* name() const noexcept override { return "tso"; }
  Synchronization synchronization() const noexcept override { return Synchronization::every_read; }
  bool may_refuse(const Graph&) const override { return true; }
  bool allows(const Graph& graph) const override {
    return StoreBuffers(graph, is_full_fence, drains).comes_to_the_end();
  }
};

}  // namespace

const Model& tso() noexcept {
  static const Tso model;
  return model;
}

}  // namespace lockstep::check
