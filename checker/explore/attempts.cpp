// What Search keeps of threads that wait: the rounds of their loops that came to nothing.
//
// A round that is one read r, saw the last write and came back to where it began is taken out of the graph, and noted as
// an attempt: that the graph had so many events (`size`) when r was tried. What r could have seen instead was put by
// then; so from there on the graph stands for those executions in which r sees none of the writes that were there. The
// run goes on without the thread until there is a write that came later (is_new). Then r is done again, as the last event,
// and may see only such writes. Either the thread goes on, or it is one attempt more. Nothing is begun in which the thread stays
// where it is though there was something for it to see.
//
// Why each execution comes once. Fix one, and a graph that is part of it but for attempts. The next event is chosen by
// the graph and the attempts, so it is the same in whatever way they came about. If it is r again, the execution says
// what r sees: a new write, which is one way on; a write to come, and then r is revisited, if it went on, and tried again, if
// it did not: never both. Any other event is as ever (search.hpp), r not being there: what a revisit deletes is
// what the search does by itself, and without r that is to do nothing. A revisit keeps the attempts
// that were made before the read that it changes, and no others.
//
// A read that was added before, and is revisited by a write w, with which it waits, is different: it would be revisited again
// only by writes that depend on w, for w was no longer added maximally. Of the writes to its location that were
// before the read, or that a write x depends on, one is the last; if that came later than the read, it is by way of that
// one that x gets to revisit the read; and so on back to one that comes first (leads_back). So an attempt `behind` w waits for
// those x that lead back to w, and no others. And a revisit that throws such an attempt away must itself depend on a last write there
// that is w or leads back to w: if it leads elsewhere, it is made there too.
#include <algorithm>

#include "checker/explore/bug.hpp"
#include "checker/explore/search.hpp"

namespace lockstep::check {

const Search::Attempt* Search::last_attempt(EventId read) const noexcept {
  const auto& attempts = top().attempts;
  const auto found = std::find_if(attempts.rbegin(), attempts.rend(),
                                  [&](const Attempt& each) { return each.read == read; });
  return found == attempts.rend() ? nullptr : &*found;
}

/// Of writes to its location that were there before the read, or are in the prefix, the last; of those in the prefix
/// of that one, the last; and so on: is `behind` one of them?
bool Search::leads_back(const Attempt& attempt, const View& prefix, EventId self) const noexcept {
  const Graph& g = graph();
  const auto& co = g.co(attempt.location);
  const View* known = &prefix;
  for (;;) {
    const auto found = std::find_if(co.rbegin(), co.rend(), [&](EventId write) {
      return !(write == self) && (g[write].nth < attempt.before || known->contains(write));
    });
    if (found == co.rend()) return false;
    if (*found == attempt.behind) return true;
    if (g[*found].nth < attempt.before) return false;
    self = *found;
    known = &g[self].porf;
  }
}

/// May the read see a write with that prefix, as far as others of its attempts are concerned?
bool Search::is_due(EventId read, const View& prefix, EventId self) const noexcept {
  const auto& attempts = top().attempts;
  return std::all_of(attempts.begin(), attempts.end(), [&](const Attempt& each) {
    return !(each.read == read) || each.behind.is_initial() || leads_back(each, prefix, self);
  });
}

bool Search::is_new(const Attempt& last, EventId write) const noexcept {
  return !write.is_initial() && graph()[write].nth >= last.size &&
         is_due(last.read, graph()[write].porf, write);
}

bool Search::can_see_more(std::size_t thread, std::size_t /*first*/) const {
  const Attempt* const last = last_attempt({static_cast<std::uint16_t>(thread), done_[thread]});
  if (last == nullptr) return false;
  const auto& co = graph().co(last->location);
  return std::any_of(co.begin(), co.end(), [&](EventId write) { return is_new(*last, write); });
}

bool Search::waits_for_ever(std::size_t thread, std::size_t first) const {
  const Attempt* const last = last_attempt({static_cast<std::uint16_t>(thread), done_[thread]});
  if (last == nullptr) return sees_all(graph(), thread, first);
  return sees_all_behind(graph(), last->location, last->saw);
}

void Search::add_what_waits() {
  for (std::size_t t = 0; t < max_threads; ++t) {
    const Attempt* const last = last_attempt({static_cast<std::uint16_t>(t), done_[t]});
    if (last == nullptr || graph().thread(t).size() != done_[t]) continue;
    const EventId read = top().graph.add(t, last->label);
    top().graph.set_rf(read, last->saw);
    if (graph()[read].is_rmw) top().graph.park(read);
  }
}

/// The graph goes on without the read, one level higher if there is work that needs it.
void Search::take_out(EventId read) {
  const Exploration& from = top();
  const Graph& old = from.graph;
  const std::size_t nth = old[read].nth;
  if (nth + 1 == old.size() && (from.work.empty() || from.work.back().size <= nth)) {
    waypoints_.cut(depth_, nth);
    top().graph.remove_last();
  } else {
    View kept;
    for (std::size_t t = 0; t < old.threads(); ++t) {
      const std::size_t count = old.thread(t).size() - (t == read.thread ? 1 : 0);
      if (count > 0) {
        kept.add(EventId{static_cast<std::uint16_t>(t), static_cast<std::uint16_t>(count - 1)});
      }
    }
    begin_exploration(nth);
    top().graph.assign_part(old, kept);
    for (const Accesses& each : old.accesses()) {  // of all that the run has met, accessed or not
      top().graph.set_initial(each.location, each.initial);
    }
    top().attempts = from.attempts;
    work_before_ = 0;
  }
  --done_[read.thread];
}

bool Search::suspend(EventId read) {
  const Event& event = graph()[read];
  const Attempt attempt{.read = read,
                        .label = event,
                        .location = event.location,
                        .size = event.nth,
                        .saw = event.rf,
                        .behind = {},
                        .before = event.nth};
  if (event.nth >= recorded_) {
    if (event.nth + 1 != graph().size()) return false;
    take_out(read);
    top().attempts.push_back(attempt);
    return true;
  }
  if (event.rf.is_initial() || graph()[event.rf].nth < event.nth) return false;
  revisited_ = attempt;
  revisited_->behind = event.rf;
  if (to_replay_ == 0) suspend_revisited();
  return true;
}

void Search::suspend_revisited() {
  Attempt attempt = *revisited_;
  revisited_.reset();
  take_out(attempt.read);
  recorded_ = attempt.size = graph().size();
  top().attempts.push_back(attempt);
}

}  // namespace lockstep::check
