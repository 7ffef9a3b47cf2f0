#include "checker/runtime/estimator.hpp"

namespace lockstep::check {

void Estimator::probe(std::chrono::nanoseconds elapsed, std::uint64_t done, const Pick& pick) {
  while (spent_ < elapsed / 100) {
    const auto begin = std::chrono::steady_clock::now();
    sum_ += static_cast<double>(done) + leaves(pick);
    ++count_;
    spent_ += std::chrono::steady_clock::now() - begin;
  }
}

/// What one probe makes of it. What is not counted as an execution is none.
double Estimator::leaves(const Pick& pick) {
  double branches = 1;
  if (!search_.take(pick(random_, branches))) return 0;
  Ending ending = Ending::discarded;
  do {
    ending = execution_.run(search_);
  } while (search_.descend(random_, branches));
  return ending == Ending::discarded || ending == Ending::impossible ? 0 : branches;
}

}  // namespace lockstep::check
