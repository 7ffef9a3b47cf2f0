#include "checker/explore/replay.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <utility>

#include "checker/explore/asked.hpp"

namespace lockstep::check {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Divergence("the program is not the one that the token is of: " + why);
}

}  // namespace

/// As many spurious failures as the token says.
Replay::Replay(const Model& model, Token token) : Walk(model, ~0U), token_(std::move(token)) {
  if (token_.model != model.name()) {
    throw std::invalid_argument("the token is of the model " + token_.model + ", not " +
                                model.name());
  }
}

void Replay::begin_run() {
  Walk::begin_run();
  next_ = 0;
  next_thread_ = 1;
  for (const TokenStep& step : token_.steps) {
    if (step.kind == Kind::create) next_thread_ = std::max(next_thread_, step.number + 1);
  }
}

std::size_t Replay::choose_thread(ThreadSet able, std::size_t /*running*/) {
  if (next_ == token_.steps.size()) return static_cast<std::size_t>(std::countr_zero(able));
  const std::size_t thread = token_.steps[next_].thread;
  if ((able >> thread & 1) == 0) {
    refuse("thread " + std::to_string(thread) + " is not able to do step " + std::to_string(next_));
  }
  return thread;
}

void Replay::begin_event(std::size_t thread, const Label& asked) {
  step_ = nullptr;
  if (next_ == token_.steps.size()) return;
  step_ = &token_.steps[next_++];
  const bool is_other_join = asked.kind == Kind::join && asked.peer != step_->number;
  if (step_->thread == thread && step_->kind == asked.kind && !is_other_join) return;
  refuse_event(thread, asked, "where the token has something else");
}

std::size_t Replay::pick_sight(const std::vector<Sight>& sights) {
  if (step_ == nullptr) return sights.size() - 1;
  const auto found = find_sight(sights, step_->number, step_->fails);
  if (!found) refuse("a read cannot see what it saw");
  return *found;
}

std::size_t Replay::pick_place(const std::vector<std::size_t>& places) {
  if (step_ == nullptr) return places.size() - 1;
  const auto found = find_place(places, step_->number);
  if (!found) refuse("a write cannot go where it went");
  return *found;
}

std::size_t Replay::pick_choice(std::size_t n, std::size_t /*open*/) {
  if (step_ == nullptr) return 0;
  if (step_->number >= n) refuse("a choice is of fewer");
  return static_cast<std::size_t>(step_->number);
}

/// Called before the event of the creation is there.
std::size_t Replay::number_of_created(std::size_t /*creator*/, std::size_t /*n*/) {
  if (next_ == token_.steps.size()) return next_thread_++;
  return static_cast<std::size_t>(token_.steps[next_].number);
}

}  // namespace lockstep::check
