#include "checker/explore/waypoints.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <utility>

namespace lockstep::check {

Keeping keeping_asked_for() noexcept {
  const char* const asked = std::getenv("LOCKSTEP_KEEP_STATES");
  const std::string_view said = asked == nullptr ? "" : asked;
  if (said == "never") return Keeping::never;
  return said == "always" ? Keeping::always : Keeping::where_it_pays;
}

void Waypoints::cut(std::size_t level, std::size_t from) noexcept {
  end_levels(level + 1);
  common_[level] = std::min(common_[level], from);
  while (!all_.empty() && all_.back().level == level && all_.back().end > from) drop_last();
}

void Waypoints::begin_level(std::size_t level, std::size_t common) {
  end_levels(level);
  common_.resize(level + 1);
  common_[level] = common;
}

void Waypoints::end_levels(std::size_t from) noexcept {
  while (!all_.empty() && all_.back().level >= from) drop_last();
}

void Waypoints::clear() noexcept {
  while (!all_.empty()) drop_last();
}

void Waypoints::drop_last() noexcept {
  free_.push_back(all_.back().number);
  all_.pop_back();
}

const Waypoint* Waypoints::last(std::size_t level) const noexcept {
  std::size_t limit = std::numeric_limits<std::size_t>::max();
  for (auto each = all_.rbegin(); each != all_.rend(); ++each) {
    for (; level > each->level; --level) limit = std::min(limit, common_[level]);
    if (each->end <= limit) return &*each;
  }
  return nullptr;
}

std::size_t Waypoints::add(std::size_t level, Waypoint waypoint) {
  while (level > 1 && waypoint.end <= common_[level]) --level;
  waypoint.level = level;
  if (free_.empty()) {
    free_.reserve(most);
    free_.push_back(numbers_++);
  }
  waypoint.number = free_.back();
  free_.pop_back();
  const auto is_before = [](const Waypoint& a, const Waypoint& b) {
    return std::pair(a.level, a.end) < std::pair(b.level, b.end);
  };
  all_.insert(std::upper_bound(all_.begin(), all_.end(), waypoint, is_before), waypoint);
  return waypoint.number;
}

}  // namespace lockstep::check
