#include "checker/explore/guided_walk.hpp"

#include <algorithm>
#include <bit>

namespace lockstep::check {

GuidedWalk::GuidedWalk(const Model& model, const std::vector<TokenStep>& all,
                       std::vector<TokenStep> kept, unsigned spurious_failures)
    : Walk(model, spurious_failures), kept_(std::move(kept)) {
  std::array<std::size_t, max_threads> created{};
  for (const TokenStep& step : all) {
    if (step.kind != Kind::create) continue;
    numbers_[{step.thread, created[step.thread]++}] = step.number;
    next_number_ = std::max(next_number_, static_cast<std::size_t>(step.number) + 1);
  }
}

void GuidedWalk::begin_run() {
  Walk::begin_run();
  turns_.clear();
  for (auto& wishes : wishes_) wishes.clear();
  for (const TokenStep& step : kept_) {
    turns_.push_back(step.thread);
    wishes_[step.thread].push_back(step);
  }
}

std::size_t GuidedWalk::choose_thread(ThreadSet able, std::size_t running) {
  const auto is_able = [able](std::size_t thread) { return (able >> thread & 1) != 0; };
  const auto next = std::find_if(turns_.begin(), turns_.end(), is_able);
  if (next != turns_.end()) {
    const std::size_t thread = *next;
    turns_.erase(next);
    return thread;
  }
  return is_able(running) ? running : static_cast<std::size_t>(std::countr_zero(able));
}

void GuidedWalk::begin_event(std::size_t thread, const Label& asked) {
  wish_ = TokenStep{};
  auto& wishes = wishes_[thread];
  if (wishes.empty()) return;
  if (wishes.front().kind == asked.kind) wish_ = wishes.front();
  wishes.pop_front();
}

std::size_t GuidedWalk::pick_sight(const std::vector<Sight>& sights) {
  return find_sight(sights, wish_.number, wish_.fails).value_or(sights.size() - 1);
}

std::size_t GuidedWalk::pick_place(const std::vector<std::size_t>& places) {
  return find_place(places, wish_.number).value_or(places.size() - 1);
}

std::size_t GuidedWalk::pick_choice(std::size_t n, std::size_t /*open*/) {
  return wish_.number < n ? static_cast<std::size_t>(wish_.number) : 0;
}

std::size_t GuidedWalk::number_of_created(std::size_t creator, std::size_t n) {
  const auto [known, is_new] = numbers_.try_emplace({creator, n}, next_number_);
  if (is_new) ++next_number_;
  return known->second;
}

}  // namespace lockstep::check
