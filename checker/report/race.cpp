#include "checker/report/race.hpp"

#include <algorithm>
#include <optional>

namespace lockstep::check {
namespace {

/// What happens before an access.
View before(const Graph& graph, const PlainAccess& access) {
  const std::size_t done = std::min(access.after, graph.thread(access.thread).size());
  if (done > 0) return graph[event_id(access.thread, done - 1)].hb;
  const EventId creation = creation_of(graph, access.thread);
  return creation.is_initial() ? View{} : graph[creation].hb;
}

/// Does a view, closed under po, contain what comes after an access?
bool is_after(const View& view, const PlainAccess& access) {
  return view.count(access.thread) + (access.is_atomic ? 1 : 0) > access.after;
}

/// A read that sees what carries the first access, without synchronizing with it.
struct Gap {
  EventId read;
  EventId carrier;  // the write that it sees, or one that this continues by read-modify-writes
  std::vector<std::string> reasons;
};

class Explanation {
 public:
  Explanation(const Glossary& words, const PlainAccess& first) : words_(words), first_(first) {}

  /// Gaps of which any one, closed, would have ordered the accesses; the last ones.
  [[nodiscard]] std::vector<Gap> alternatives(const View& before_second) const {
    return gaps(before_second, [&](const Event& write) { return is_after(write.hb, first_); });
  }

  /// Gaps that would all have to be closed, the last one first.
  [[nodiscard]] std::vector<Gap> chain(View view) const {
    std::vector<Gap> found;
    while (alternatives(view).empty()) {
      const auto links =
          gaps(view, [&](const Event& write) { return is_after(write.porf, first_); });
      if (links.empty()) return {};
      found.push_back(links.front());
      view = graph()[links.front().carrier].hb;
    }
    found.push_back(alternatives(view).front());
    return found;
  }

  /// A read before the second access of a write that took the place of one that carries the first.
  [[nodiscard]] std::string broken_sequence(const View& view) const {
    const auto& events = words_.events();
    for (auto read = events.rbegin(); read != events.rend(); ++read) {
      if (!sees_a_write(*read, view) || !why_load(*read, view).empty()) continue;
      const EventId seen = graph()[*read].rf;
      if (const auto head = overwritten(seen)) {
        return words_.mention(*read) + " sees " + words_.mention(seen) + ": it ends the release " +
               "sequence of " + words_.mention(*head) + ", which would have ordered them";
      }
    }
    return {};
  }

 private:
  [[nodiscard]] const Graph& graph() const { return words_.graph(); }

  [[nodiscard]] bool sees_a_write(EventId read, const View& view) const {
    return graph()[read].kind == Kind::read && view.contains(read) &&
           !graph()[read].rf.is_initial();
  }

  /// Reads in a view, the last ones, that see a write for which `knows` holds and do not synchronize
  /// with it. Of those with the same reasons, one.
  template <class Knows>
  [[nodiscard]] std::vector<Gap> gaps(const View& view, Knows knows) const {
    constexpr std::size_t most = 3;
    std::vector<Gap> found;
    const auto& events = words_.events();
    for (auto read = events.rbegin(); read != events.rend() && found.size() < most; ++read) {
      if (!sees_a_write(*read, view)) continue;
      const auto carrier = first_in_chain(graph()[*read].rf, knows);
      if (!carrier) continue;
      const Gap gap{*read, *carrier, reasons(*read, *carrier, view)};
      const auto is_known = [&](const Gap& other) { return other.reasons == gap.reasons; };
      if (gap.reasons.empty() || std::any_of(found.begin(), found.end(), is_known)) continue;
      found.push_back(gap);
    }
    return found;
  }

  [[nodiscard]] std::vector<std::string> reasons(EventId read, EventId write,
                                                 const View& view) const {
    std::vector<std::string> both{why_load(read, view), why_store(write)};
    std::erase(both, "");
    return both;
  }

  /// Of a write and those that it continues as a read-modify-write, the earliest one that knows.
  template <class Knows>
  [[nodiscard]] std::optional<EventId> first_in_chain(EventId write, Knows knows) const {
    std::optional<EventId> found;
    while (!write.is_initial()) {
      if (knows(graph()[write])) found = write;
      if (!graph()[write].is_rmw) break;
      write = graph()[Graph::read_half(write)].rf;
    }
    return found;
  }

  /// Why a read does not acquire within a view. Nothing if it does.
  [[nodiscard]] std::string why_load(EventId read, const View& view) const {
    if (acquires(graph()[read].order)) return {};
    const auto& events = graph().thread(read.thread);
    for (std::size_t i = read.index + 1u; i < view.count(read.thread); ++i) {
      if (events[i].kind == Kind::fence && acquires(events[i].order)) return {};
    }
    return the(read) + " and no acquire fence follows it";
  }

  /// Why a write does not release the first access. Nothing if it does.
  [[nodiscard]] std::string why_store(EventId write) const {
    if (releases(graph()[write].order)) return {};
    for (std::size_t i = write.index; i-- > 0;) {
      const EventId fence = event_id(write.thread, i);
      const Event& event = graph()[fence];
      if (event.kind != Kind::fence || !releases(event.order)) continue;
      if (is_after(event.hb, first_)) return {};
      return the(write) + ", and the release fence before it, " + words_.mention(fence) +
             ", comes before the access of " + thread_text(first_.thread);
    }
    return the(write) + " and no release fence precedes it";
  }

  /// "the load #9 at mp.cpp:12 is relaxed".
  [[nodiscard]] std::string the(EventId event) const {
    const std::string place = words_.place(event);
    return "the " + words_.operation(event) + " " +
           (place.empty() ? words_.id(event) : "at " + place) + " is " +
           std::string(name_of(graph()[event].order));
  }

  /// The last write before another in co that releases the first access.
  [[nodiscard]] std::optional<EventId> overwritten(EventId write) const {
    const auto& writes = graph().co(graph()[write].location);
    std::optional<EventId> last;
    for (const EventId other : writes) {
      if (other == write) return last;
      if (is_after(graph()[other].released, first_)) last = other;
    }
    return std::nullopt;
  }

  const Glossary& words_;
  const PlainAccess& first_;
};

void add(std::vector<std::string>& lines, const Glossary& words, const Gap& gap) {
  const EventId seen = words.graph()[gap.read].rf;
  const bool is_direct = seen == gap.carrier;
  lines.push_back((lines.empty() ? "" : "Also, ") + words.mention(gap.read) + " sees " +
                  words.mention(seen) +
                  (is_direct ? "" : ", which continues " + words.mention(gap.carrier)) +
                  ", but does not synchronize with it:");
  for (const std::string& reason : gap.reasons) lines.push_back("  " + reason);
}

/// The last thing of the first access's thread that happens before the second.
std::string last_before(const Glossary& words, const PlainAccess& first, const PlainAccess& second,
                        const View& view) {
  const std::string thread = thread_text(first.thread), other = thread_text(second.thread);
  const std::size_t count = view.count(first.thread);
  if (count == 0) return "Nothing of " + thread + " happens before what " + other + " does there.";
  return "The last of " + thread +
         " that happens before it: " + words.mention(event_id(first.thread, count - 1)) + ".";
}

}  // namespace

bool are_ordered(const Graph& graph, const PlainAccess& first, const PlainAccess& second) {
  return first.thread == second.thread || is_after(before(graph, second), first);
}

std::vector<std::string> why_unordered(const Glossary& words, const PlainAccess& first,
                                       const PlainAccess& second) {
  const View view = before(words.graph(), second);
  const Explanation explanation(words, first);
  std::vector<Gap> gaps = explanation.alternatives(view);
  if (gaps.empty()) gaps = explanation.chain(view);
  std::vector<std::string> lines;
  for (const Gap& gap : gaps) add(lines, words, gap);
  if (lines.empty()) lines.push_back(explanation.broken_sequence(view));
  if (lines.front().empty()) {
    lines.front() = thread_text(second.thread) + " never synchronizes with " +
                    thread_text(first.thread) + " after that";
  }
  lines.push_back(last_before(words, first, second, view));
  return lines;
}

}  // namespace lockstep::check
