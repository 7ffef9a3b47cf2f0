// checker/explore/guided_walk.hpp: one execution that keeps to some steps of another as far as it can.
//
// Of the steps of a token some are left out; what is left is a wish: who goes next, and what its event comes to. A wish that
// cannot be fulfilled is passed over, and where there is none, whoever runs goes on, reads see the newest write, and choices are
// the first. So a shorter execution is found that is still wrong (runtime/shrinking.hpp).
// Checked by: tests/checker/shrinking_test.cpp
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "checker/explore/token.hpp"
#include "checker/explore/walk.hpp"

namespace lockstep::check {

class GuidedWalk final : public Walk {
 public:
  /// `all`: of the token, which says which numbers threads have. `kept`: some of them, in their order.
  GuidedWalk(const Model& model, const std::vector<TokenStep>& all, std::vector<TokenStep> kept,
             unsigned spurious_failures);

  void begin_run() override;
  [[nodiscard]] std::size_t choose_thread(ThreadSet able, std::size_t running) override;
  [[nodiscard]] bool expects(std::size_t) const override { return false; }
  [[nodiscard]] bool is_repeating() const override { return false; }
  [[nodiscard]] bool end_run() override { return false; }

 private:
  void begin_event(std::size_t thread, const Label& asked) override;
  std::size_t pick_sight(const std::vector<Sight>& sights) override;
  std::size_t pick_place(const std::vector<std::size_t>& places) override;
  std::size_t pick_choice(std::size_t n, std::size_t open) override;
  std::size_t number_of_created(std::size_t creator, std::size_t n) override;

  const std::vector<TokenStep> kept_;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> numbers_;  // of a creator's n-th
  std::size_t next_number_ = 1;

  // This run
  std::deque<std::size_t> turns_;                            // threads that are to go on
  std::array<std::deque<TokenStep>, max_threads> wishes_{};  // of each thread
  TokenStep wish_;  // for the event that is being done; if there is none, what is done without
};

}  // namespace lockstep::check
