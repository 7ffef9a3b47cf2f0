#include "checker/runtime/histories.hpp"

#include <algorithm>
#include <utility>

namespace lockstep::check {
namespace {

using history::Performed;

/// What came back, in the order in which it did: likely to be near to one that the reference allows.
std::vector<const Performed*> returned(const history::Recorded& recorded) {
  std::vector<const Performed*> all;
  for (const Performed& performed : recorded.performed) {
    if (performed.state == Performed::State::returned) all.push_back(&performed);
  }
  std::sort(all.begin(), all.end(), [](const Performed* a, const Performed* b) {
    return a->came_back.nth < b->came_back.nth;
  });
  return all;
}

std::vector<history::Operation> operations_of(const std::vector<const Performed*>& all) {
  std::vector<history::Operation> operations;
  for (const Performed* const performed : all) {
    auto& operation = operations.emplace_back();
    operation.steps = performed->response.steps;
    for (std::size_t other = 0; other < all.size(); ++other) {
      if (all[other]->came_back.is_before(performed->called)) operation.after.push_back(other);
    }
  }
  return operations;
}

NotLinearizable describe(const std::vector<const Performed*>& all,
                         const std::vector<history::Operation>& operations,
                         const history::AnyReference& initial,
                         const history::Linearization& longest) {
  history::Stuck stuck = history::stuck_after(longest.order, initial, operations);
  NotLinearizable finding{.operations = {},
                          .order = longest.order,
                          .initial = initial.text(),
                          .state = std::move(stuck.state),
                          .refused = std::move(stuck.refused)};
  for (std::size_t i = 0; i < all.size(); ++i) {
    finding.operations.push_back(
        {.called = {all[i]->called.thread, all[i]->events_at_call, all[i]->called.nth},
         .came_back = {all[i]->came_back.thread, all[i]->events_at_return, all[i]->came_back.nth},
         .name = all[i]->name,
         .result = all[i]->response.result,
         .where = all[i]->where,
         .after = operations[i].after,
         .steps = operations[i].steps.size()});
  }
  return finding;
}

}  // namespace

void Histories::begin_execution() noexcept {
  for (history::Recorded* const recorded : used_) {
    recorded->performed.clear();
    recorded->is_used = false;
    if (recorded->is_of_execution) delete recorded;
  }
  used_.clear();
  points_ = 0;
}

void Histories::add(history::Recorded& recorded) {
  recorded.is_used = true;
  used_.push_back(&recorded);
}

Performed& Histories::call(const Thread& me, history::Recorded& recorded, std::string_view name) {
  if (!recorded.is_used) add(recorded);
  return recorded.performed.emplace_back(
      Performed{.name = std::string(name), .called = point(me), .came_back = {}});
}

void Histories::come_back(const Thread& me, Performed& performed) {
  performed.came_back = point(me);
  performed.state = Performed::State::returned;
}

std::unique_ptr<NotLinearizable> Histories::check() const {
  for (const history::Recorded* const recorded : used_) {
    const auto all = returned(*recorded);
    const auto operations = operations_of(all);
    const auto found = history::linearize(*recorded->initial, operations);
    if (found.is_whole) continue;
    return std::make_unique<NotLinearizable>(describe(all, operations, *recorded->initial, found));
  }
  return nullptr;
}

}  // namespace lockstep::check
