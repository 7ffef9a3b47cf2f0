// Parts of Search that others search, and random descents that tell how large it is.
#include <algorithm>
#include <utility>

#include "checker/explore/search.hpp"

namespace lockstep::check {
namespace {

/// Takes every second out of `all`, the first of them at `first`.
template <class T>
std::vector<T> every_second(std::vector<T>& all, std::size_t first) {
  std::vector<T> taken, left;
  for (std::size_t i = 0; i < all.size(); ++i) {
    (i >= first && (i - first) % 2 == 0 ? taken : left).push_back(std::move(all[i]));
  }
  all = std::move(left);
  return taken;
}

}  // namespace

/// Work that was put by early has most under it. The first is kept: whoever gives should be busy for longer, for it
/// waits for those that it gave to.
std::optional<Search::Part> Search::give() {
  Exploration* from = nullptr;
  for (std::size_t i = 0; i < depth_; ++i) {
    if (stack_[i].work.empty()) continue;
    const bool is_second = from != nullptr;
    from = &stack_[i];
    if (is_second || from->work.size() > 1) break;
  }
  if (from == nullptr) return std::nullopt;
  Part part{from->graph, every_second(from->work, from->work.size() > 1 ? 1 : 0), from->attempts};
  cut_back(part, part.work.back().size);
  return part;
}

bool Search::take(const Part& part) {
  depth_ = 0;
  waypoints_.clear();
  begin_exploration(0);
  top() = part;
  return part.work.empty() || end_run();
}

/// Work is in the order in which it was put by. What changes the same event has the same size: one fork of the
/// tree, of which one branch more has all that follows, unless this `is_all`. Null: that is where it goes.
const Search::Work* Search::pick_work(const std::vector<Work>& work, bool is_all,
                                      std::mt19937_64& random, double& branches) {
  for (std::size_t begin = 0, end = 0; begin < work.size(); begin = end) {
    while (end < work.size() && work[end].size == work[begin].size) ++end;
    const bool is_last = is_all && end == work.size();
    const std::size_t count = end - begin + (is_last ? 0 : 1);
    branches *= static_cast<double>(count);
    const std::size_t picked = begin + random() % count;
    if (picked != end) return &work[picked];
  }
  return nullptr;
}

Search::Part Search::pick(std::mt19937_64& random, double& branches) const {
  for (std::size_t i = 0; i < depth_; ++i) {
    const Exploration& from = stack_[i];
    const Work* const work = pick_work(from.work, false, random, branches);
    if (work != nullptr) return {from.graph, {*work}, from.attempts};
  }
  return {graph(), {}, top().attempts};
}

Search::Part Search::pick_of(const Part& part, std::mt19937_64& random, double& branches) {
  const Work* const work = pick_work(part.work, true, random, branches);
  return work == nullptr ? part : Part{part.graph, {*work}, part.attempts};
}

bool Search::descend(std::mt19937_64& random, double& branches) {
  is_futile_ = false;
  std::vector<Work> put_by;
  const Work* work = nullptr;
  const std::size_t highest = depth_;
  for (std::size_t depth = 1; work == nullptr && depth <= highest; ++depth) {
    set_depth(depth);
    put_by = std::exchange(top().work, {});
    work = pick_work(put_by, false, random, branches);
  }
  if (work == nullptr) return false;
  cut_back(top(), work->size);
  waypoints_.clear();
  if (carry_out(*work)) return true;
  put_by = std::exchange(top().work, {});  // it was a revisit, of which these are the ways
  work = pick_work(put_by, true, random, branches);
  if (work == nullptr) branches = 0;
  return work != nullptr && carry_out(*work);
}

}  // namespace lockstep::check
