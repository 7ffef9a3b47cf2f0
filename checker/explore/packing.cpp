// Parts of Search as bytes: what a worker process leaves undone, or an exploration that ends before it is done.
//
// All of a graph is written down, the views of its events too, so that nothing depends on the order in which it would be
// built again. Places in co and in the order of adding follow from the lists of these.
#include <algorithm>
#include <utility>

#include "checker/explore/search.hpp"
#include "checker/graph/packing.hpp"

namespace lockstep::check {
namespace {

// --- Packing -------------------------------------------------------------------------------------

void pack(Packer& to, const View& view, std::size_t threads) {
  for (std::size_t t = 0; t < threads; ++t) to.number(view.count(t));
}

void pack(Packer& to, const Label& label) {
  for (const auto number :
       {static_cast<unsigned>(label.kind), static_cast<unsigned>(label.order),
        static_cast<unsigned>(label.success), static_cast<unsigned>(label.failure),
        static_cast<unsigned>(label.role), unsigned{label.peer}, unsigned{label.like},
        unsigned{label.choices}, unsigned{label.moves_behind}, unsigned{label.location}}) {
    to.number(number);
  }
  unsigned flags = 0;
  for (const bool flag : {label.is_rmw, label.is_update, label.is_compare, label.is_unless,
                          label.may_fail, label.spurious, label.parked}) {
    flags = flags << 1 | (flag ? 1U : 0U);
  }
  to.number(flags);
  to.event(label.rf);
  to.value(label.value);
  to.value(label.expected);
}

void pack(Packer& to, const std::vector<EventId>& events) {
  to.number(events.size());
  for (const EventId id : events) to.event(id);
}

void pack(Packer& to, const Graph& graph) {
  to.number(graph.threads());
  for (std::size_t t = 0; t < graph.threads(); ++t) {
    to.number(graph.thread(t).size());
    for (const Event& event : graph.thread(t)) {
      pack(to, static_cast<const Label&>(event));
      to.number(event.elder);
      to.number(event.release_fence);
      for (const View* const view : {&event.porf, &event.hb, &event.released}) {
        pack(to, *view, graph.threads());
      }
    }
  }
  pack(to, graph.added());
  const AccessesByLocation& all = graph.accesses();
  to.number(static_cast<std::uint64_t>(std::distance(all.begin(), all.end())));
  for (const Accesses& accesses : all) {
    to.number(accesses.location);
    to.value(accesses.initial);
    pack(to, accesses.co);
    pack(to, accesses.reads);
  }
}

// --- Unpacking -----------------------------------------------------------------------------------

using Translation = Search::Translation;

Location unpack_location(Unpacker& from, const Translation& translation) {
  return translation.locations.at(from.number());
}

View unpack_view(Unpacker& from, std::size_t threads) {
  View view;
  for (std::size_t t = 0; t < threads; ++t) {
    const std::uint64_t count = from.number(EventId::nobody);
    if (count > 0) {
      view.add(EventId{static_cast<std::uint16_t>(t), static_cast<std::uint16_t>(count - 1)});
    }
  }
  return view;
}

template <class Enumeration>
Enumeration unpack_enumeration(Unpacker& from, Enumeration last) {
  return static_cast<Enumeration>(from.number(static_cast<std::uint64_t>(last)));
}

Label unpack_label(Unpacker& from, const Translation& translation) {
  constexpr std::uint64_t most16 = 0xffff, most32 = 0xffff'ffff;
  Label label;
  label.kind = unpack_enumeration(from, Kind::wake);
  label.order = unpack_enumeration(from, Order::system);
  label.success = unpack_enumeration(from, Order::system);
  label.failure = unpack_enumeration(from, Order::system);
  label.role = unpack_enumeration(from, Role::moves);
  label.peer = static_cast<std::uint16_t>(from.number(most16));
  label.like = static_cast<std::uint16_t>(from.number(most16));
  label.choices = static_cast<std::uint32_t>(from.number(most32));
  label.moves_behind = static_cast<std::uint32_t>(from.number(most32));
  const std::uint64_t location = from.number();
  if (is_access(label) || label.kind == Kind::wake) {
    label.location = translation.locations.at(location);
  }
  std::uint64_t flags = from.number();
  for (bool* const flag : {&label.parked, &label.spurious, &label.may_fail, &label.is_unless,
                           &label.is_compare, &label.is_update, &label.is_rmw}) {
    *flag = (flags & 1) != 0;
    flags >>= 1;
  }
  label.rf = from.event();
  label.value = from.value();
  label.expected = from.value();
  if (is_access(label)) {
    label.value = translation.value(label.location, label.value);
    label.expected = translation.value(label.location, label.expected);
  }
  return label;
}

std::vector<EventId> unpack_events(Unpacker& from) {
  std::vector<EventId> events(from.count());
  for (EventId& id : events) id = from.event();
  return events;
}

Graph unpack_graph(Unpacker& from, const Translation& translation,
                   Synchronization synchronization) {
  std::vector<std::vector<Event>> threads(from.number(max_threads));
  for (auto& events : threads) {
    events.resize(from.count());
    for (Event& event : events) {
      static_cast<Label&>(event) = unpack_label(from, translation);
      event.elder = static_cast<std::uint16_t>(from.number(max_threads));
      event.release_fence = static_cast<std::uint16_t>(from.number(EventId::nobody));
      for (View* const view : {&event.porf, &event.hb, &event.released}) {
        *view = unpack_view(from, threads.size());
      }
    }
  }
  std::vector<EventId> added = unpack_events(from);
  AccessesByLocation all;
  for (std::size_t n = from.count(); n > 0; --n) {
    Accesses& accesses = all.touch(unpack_location(from, translation));
    accesses.initial = translation.value(accesses.location, from.value());
    accesses.co = unpack_events(from);
    accesses.reads = unpack_events(from);
  }
  return Graph(synchronization, std::move(threads), std::move(added), std::move(all));
}

}  // namespace

// --- Parts ---------------------------------------------------------------------------------------

std::vector<Search::Part> Search::rest(bool is_to_run) const {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < depth_; ++i) {
    if (!stack_[i].work.empty()) parts.push_back(stack_[i]);
  }
  if (is_to_run) parts.push_back({graph(), {}, top().attempts});
  return parts;
}

std::string Search::packed(const Part& part) {
  Packer to;
  pack(to, part.graph);
  to.number(part.work.size());
  for (const Work& work : part.work) {
    to.number(work.size);
    to.number(static_cast<std::uint64_t>(work.kind));
    to.number(work.fails ? 1 : 0);
    to.event(work.event);
    to.event(work.revisited);
    to.number(work.place);
    to.value(work.value);
  }
  to.number(part.attempts.size());
  for (const Attempt& attempt : part.attempts) {
    to.event(attempt.read);
    pack(to, attempt.label);
    to.number(attempt.size);
    to.event(attempt.saw);
    to.event(attempt.behind);
    to.number(attempt.before);
  }
  return std::move(to).done();
}

Search::Part Search::unpacked(std::string_view bytes, const Translation& translation,
                              Synchronization synchronization) {
  Unpacker from(bytes);
  Part part{unpack_graph(from, translation, synchronization), {}, {}};
  for (std::size_t n = from.count(); n > 0; --n) {
    Work work{};
    work.size = from.number(part.graph.size());
    work.kind = unpack_enumeration(from, Work::Kind::revisit_rmw);
    work.fails = from.number() != 0;
    work.event = from.event();
    work.revisited = from.event();
    work.place = from.number();
    work.value = from.value();
    if (work.kind == Work::Kind::revisit_rmw) {
      const Event& read = part.graph[part.graph.added().at(work.size - 1)];
      work.value = translation.value(read.location, work.value);
    }
    part.work.push_back(work);
  }
  for (std::size_t n = from.count(); n > 0; --n) {
    Attempt attempt{};
    attempt.read = from.event();
    attempt.label = unpack_label(from, translation);
    attempt.location = attempt.label.location;
    attempt.size = from.number();
    attempt.saw = from.event();
    attempt.behind = from.event();
    attempt.before = from.number();
    part.attempts.push_back(attempt);
  }
  if (!from.at_end()) throw std::invalid_argument("there is more than there should be");
  return part;
}

}  // namespace lockstep::check
