#include "checker/runtime/describe.hpp"

namespace lockstep::check {

void describe(Execution& execution, const Graph& graph, Finding& finding) {
  finding.wrong = execution.wrong();
  finding.what = execution.what();
  finding.graph = graph;
  for (const EventId id : finding.order) {
    const Event& event = graph[id];
    if (event.kind != Kind::read && event.kind != Kind::write) continue;
    const Locations::Extent& extent = execution.locations().of(event.location);
    const std::uintptr_t address = Locations::without_queue(extent.address);
    finding.places[event.location] = {address, extent.size, execution.name_of(address),
                                      Locations::is_queue(extent.address)};
  }
}

}  // namespace lockstep::check
