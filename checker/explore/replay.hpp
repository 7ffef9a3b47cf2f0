// checker/explore/replay.hpp: the one execution that a token names, and no other.
//
// When its steps are at an end, the threads that are able go on, the lowest number first, and each
// read sees the last write: what is wrong with an execution may come after its last event.
// Checked by: tests/oracle/walk_test.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "checker/explore/token.hpp"
#include "checker/explore/walk.hpp"

namespace lockstep::check {

class Replay final : public Walk {
 public:
  /// The token must be of that model.
  Replay(const Model& model, Token token);

  void begin_run() override;
  [[nodiscard]] std::size_t choose_thread(ThreadSet able, std::size_t running) override;
  [[nodiscard]] bool expects(std::size_t thread) const override {
    return is_repeating() && token_.steps[next_].thread == thread;
  }
  [[nodiscard]] bool is_repeating() const override { return next_ < token_.steps.size(); }
  [[nodiscard]] bool end_run() override { return false; }

 private:
  void begin_event(std::size_t thread, const Label& asked) override;
  std::size_t pick_sight(const std::vector<Sight>& sights) override;
  std::size_t pick_place(const std::vector<std::size_t>& places) override;
  std::size_t pick_choice(std::size_t n, std::size_t open) override;
  std::size_t number_of_created(std::size_t creator, std::size_t n) override;
  [[nodiscard]] bool waits() const override { return step_ != nullptr && step_->waits; }

  const Token token_;
  std::size_t next_ = 0;             // step
  const TokenStep* step_ = nullptr;  // the one that is being done, if not beyond the last
  std::size_t next_thread_ = 1;      // number, which no thread of the token has
};

}  // namespace lockstep::check
