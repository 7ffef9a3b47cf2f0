#include "checker/history/linearization.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>

namespace lockstep::check::history {
namespace {

/// How many steps of each operation are done.
class Done {
 public:
  explicit Done(const std::vector<Operation>& operations)
      : operations_(operations), steps_(operations.size()) {}

  [[nodiscard]] bool has_ended(std::size_t operation) const {
    return steps_[operation] == operations_[operation].steps.size();
  }
  /// Has it a step left, and has all that returned before its call had its effect?
  [[nodiscard]] bool may_go_on(std::size_t operation) const {
    const auto& after = operations_[operation].after;
    return !has_ended(operation) &&
           std::all_of(after.begin(), after.end(),
                       [&](std::size_t before) { return has_ended(before); });
  }
  [[nodiscard]] const Step& next(std::size_t operation) const {
    return operations_[operation].steps[steps_[operation]];
  }
  void add(std::size_t operation) { ++steps_[operation]; }
  void take_back(std::size_t operation) { --steps_[operation]; }
  [[nodiscard]] const std::vector<std::size_t>& steps() const noexcept { return steps_; }

 private:
  const std::vector<Operation>& operations_;
  std::vector<std::size_t> steps_;
};

class Attempt {
 public:
  explicit Attempt(const std::vector<Operation>& operations)
      : operations_(operations),
        left_(std::accumulate(
            operations.begin(), operations.end(), std::size_t{0},
            [](std::size_t sum, const Operation& it) { return sum + it.steps.size(); })),
        done_(operations) {}

  [[nodiscard]] Linearization from(const AnyReference& initial) {
    const bool is_whole = go_on(initial);
    return {is_whole, is_whole ? order_ : longest_};
  }

 private:
  bool go_on(const AnyReference& state) {
    if (order_.size() == left_) return true;
    if (was_in_vain(state)) return false;
    for (std::size_t operation = 0; operation < operations_.size(); ++operation) {
      if (!done_.may_go_on(operation)) continue;
      const std::unique_ptr<AnyReference> next = state.copy();
      if (!done_.next(operation)(*next)) continue;
      done_.add(operation);
      order_.push_back(operation);
      if (go_on(*next)) return true;
      order_.pop_back();
      done_.take_back(operation);
    }
    if (order_.size() > longest_.size()) longest_ = order_;
    in_vain_[done_.steps()].push_back(state.copy());
    return false;
  }

  [[nodiscard]] bool was_in_vain(const AnyReference& state) const {
    const auto same = in_vain_.find(done_.steps());
    return same != in_vain_.end() &&
           std::any_of(same->second.begin(), same->second.end(),
                       [&](const auto& other) { return other->is_equal_to(state); });
  }

  const std::vector<Operation>& operations_;
  const std::size_t left_;  // steps of all operations
  Done done_;
  std::vector<std::size_t> order_, longest_;
  std::map<std::vector<std::size_t>, std::vector<std::unique_ptr<AnyReference>>> in_vain_;
};

}  // namespace

Linearization linearize(const AnyReference& initial, const std::vector<Operation>& operations) {
  return Attempt(operations).from(initial);
}

Stuck stuck_after(const std::vector<std::size_t>& order, const AnyReference& initial,
                  const std::vector<Operation>& operations) {
  Done done(operations);
  const std::unique_ptr<AnyReference> state = initial.copy();
  for (const std::size_t operation : order) {
    static_cast<void>(done.next(operation)(*state));
    done.add(operation);
  }
  Stuck stuck{state->text(), {}};
  for (std::size_t operation = 0; operation < operations.size(); ++operation) {
    if (done.may_go_on(operation)) stuck.refused.push_back(operation);
  }
  return stuck;
}

}  // namespace lockstep::check::history
