// checker/explore/thread_numbers.hpp: which number a created thread has. Thread 0 is the first; the
// n-th that a thread creates is the same thread in every run, so it has the same number.
#pragma once

#include <cstddef>
#include <vector>

namespace lockstep::check {

class ThreadNumbers {
 public:
  /// The number of the thread that `creator` creates as its n-th, from 0.
  [[nodiscard]] std::size_t of(std::size_t creator, std::size_t n) {
    if (created_by_.size() <= creator) created_by_.resize(creator + 1);
    auto& created = created_by_[creator];
    while (created.size() <= n) created.push_back(next_++);
    return created[n];
  }

 private:
  std::vector<std::vector<std::size_t>> created_by_;
  std::size_t next_ = 1;
};

}  // namespace lockstep::check
