// checker/runtime/random.hpp: the numbers of rand() and its like, for one thread.
//
// They begin anew in each execution. Each thread has a sequence of its own: which of them asks first is
// no event, and must not show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace lockstep::check {

class Random {
 public:
  explicit Random(std::size_t thread) noexcept : first_seed_(static_cast<unsigned>(thread) + 1) {}
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;

  void begin_execution() noexcept { is_seeded_ = is_seeded_48_ = false; }

  [[nodiscard]] bool is_used() const noexcept { return is_seeded_ || is_seeded_48_; }

  /// Of rand and random, which are one in the C library.
  void seed(unsigned seed) noexcept {
    is_seeded_ = true;
    std::memset(&data_, 0, sizeof data_);
    initstate_r(seed, state_, sizeof state_, &data_);
  }
  [[nodiscard]] std::int32_t next() noexcept {
    if (!is_seeded_) seed(first_seed_);
    std::int32_t number = 0;
    random_r(&data_, &number);
    return number;
  }

  /// Of drand48, lrand48 and mrand48.
  void seed_48(long seed) noexcept {
    is_seeded_48_ = true;
    std::memset(&data_48_, 0, sizeof data_48_);
    srand48_r(seed, &data_48_);
  }
  [[nodiscard]] drand48_data* data_48() noexcept {
    if (!is_seeded_48_) seed_48(first_seed_);
    return &data_48_;
  }

 private:
  const unsigned first_seed_;
  bool is_seeded_ = false;
  bool is_seeded_48_ = false;
  char state_[128]{};  // the size that rand() begins with
  random_data data_{};
  drand48_data data_48_{};
};

}  // namespace lockstep::check
