#include "checker/runtime/estimator.hpp"

namespace lockstep::check {

void Estimator::probe(std::chrono::nanoseconds elapsed, std::uint64_t done,
                      const ThreadNumbers& numbers, const Pick& pick) {
  is_renewed_ = false;
  search_.thread_numbers().restore(numbers.owners());
  while (spent_ < elapsed / 100 && !is_renewed_) {
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
    is_renewed_ = ending == Ending::renewed;
  } while (!is_renewed_ && search_.descend(random_, branches));
  return is_counted(ending) ? branches : 0;
}

}  // namespace lockstep::check
