#include "checker/model/partial_sc.hpp"

#include <algorithm>

namespace lockstep::check {

PartialSc::PartialSc(const Graph& graph, Scratch& scratch) : graph_(graph), prefixes_(scratch) {
  prefixes_.clear();
  for (std::size_t t = 0; t < graph_.threads(); ++t) find_prefixes(t);
}

void PartialSc::find_prefixes(std::size_t thread) {
  begin_[thread] = prefixes_.size();
  Prefix now;
  prefixes_.push_back(now);
  const Event* before = nullptr;
  std::uint16_t index = 0;
  for (const Event& event : graph_.thread(thread)) {
    if (before == nullptr || !is_access(event) || !is_access(*before) ||
        event.location != before->location) {
      now.elsewhere = index;
      now.sc_elsewhere = now.sc;
    }
    if (event.order == Order::seq_cst) {
      ++now.sc;
      if (event.kind == Kind::fence) {
        now.sc_fenced = now.sc;
        has_fences_ = true;
      }
    }
    prefixes_.push_back(now);
    before = &event;
    ++index;
  }
}

/// Takes the events one after the other.
bool PartialSc::is_acyclic() {
  for (bool goes_on = true; goes_on;) {
    goes_on = false;
    for (std::size_t t = 0; t < graph_.threads(); ++t) goes_on = advance(t) || goes_on;
  }
  for (std::size_t t = 0; t < graph_.threads(); ++t) {
    if (at_[t] < graph_.thread(t).size()) return false;
  }
  return true;
}

/// Takes the next events of the thread whose needs are met. Were there any?
bool PartialSc::advance(std::size_t thread) {
  const auto& events = graph_.thread(thread);
  std::size_t& at = at_[thread];
  const std::size_t begin = at;
  for (; at < events.size(); ++at) {
    if (events[at].order != Order::seq_cst) continue;
    need_.fill(0);
    if (events[at].kind == Kind::fence) {
      need_before_fence(events[at]);
    } else {
      need_before_access({static_cast<std::uint16_t>(thread), static_cast<std::uint16_t>(at)});
    }
    if (!has_what_it_needs()) break;
    ++taken_[thread];
  }
  return at > begin;
}

bool PartialSc::has_what_it_needs() const {
  for (std::size_t t = 0; t < graph_.threads(); ++t) {
    if (need_[t] > taken_[t]) return false;
  }
  return true;
}

/// The last event before an access, in po, that is not of its location.
EventId PartialSc::last_elsewhere(EventId access) const {
  const std::uint16_t count = prefix(access.thread, access.index + 1u).elsewhere;
  if (count == 0) return graph_.creator(access.thread);
  return {access.thread, static_cast<std::uint16_t>(count - 1)};
}

void PartialSc::need_before_access(EventId id) {
  const Event& event = graph_[id];
  const EventId elsewhere = last_elsewhere(id);
  if (!elsewhere.is_initial()) {  // (1)
    const View& hb = graph_[elsewhere].hb;
    for (std::size_t t = 0; t < graph_.threads(); ++t) need(t, prefix(t, hb.count(t)).sc_elsewhere);
  }
  const auto& co = graph_.co(event.location);
  const auto before = std::find_if(co.rbegin(), co.rend(), [&](EventId write) {  // (2)
    return is_sc(write) && write != id && event.hb.contains(write);
  });
  if (before != co.rend()) need(*before);  // which needs those before it
  if (event.kind == Kind::write) need_before_write(event);
}

void PartialSc::need_before_write(const Event& event) {
  const auto& co = graph_.co(event.location);
  for (std::size_t place = event.place - 1u; place > 0; --place) {  // (3)
    const EventId write = co[place - 1];
    if (has_fences_) need_fences(graph_[write].hb);  // (5)
    if (!is_sc(write)) continue;
    need(write);
    break;  // which needs those before it
  }
  for (const EventId read : graph_.reads(event.location)) {  // (4)
    if (place_seen(read) >= event.place) continue;
    if (is_sc(read)) need(read);
    if (has_fences_) need_fences(graph_[read].hb);  // (5)
  }
}

void PartialSc::need_before_fence(const Event& fence) {
  for (const Accesses& accesses : graph_.accesses()) need_before_fence(accesses, fence.hb);
}

/// What comes before the last write, or what the last read sees, of those in `hb`.
void PartialSc::need_before_fence(const Accesses& accesses, const View& hb) {
  std::size_t written = accesses.co.size();
  while (written > 0 && !hb.contains(accesses.co[written - 1])) --written;
  std::size_t seen = written;
  for (const EventId read : accesses.reads) {
    if (hb.contains(read)) seen = std::max(seen, place_seen(read));
  }
  for (std::size_t place = 1; place <= seen; ++place) {
    const EventId write = accesses.co[place - 1];
    if (place < written && is_sc(write)) need(write);  // (6)
    need_fences(graph_[write].hb);                     // (7)
  }
  for (const EventId read : accesses.reads) {
    const std::size_t place = place_seen(read);
    if (place < written && is_sc(read)) need(read);  // (6)
    if (place < seen) need_fences(graph_[read].hb);  // (7)
  }
}

}  // namespace lockstep::check
