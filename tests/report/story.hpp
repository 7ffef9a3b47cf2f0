// tests/report/story.hpp: findings made by hand. An event's return address is its line in mp.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "checker/report/finding.hpp"
#include "checker/report/symbols.hpp"
#include "checker/report/text.hpp"

namespace lockstep::check {

class Story {
 public:
  static constexpr Location ready = 0, lock = 1;

  explicit Story(Wrong wrong = Wrong::nothing, std::string what = {}) {
    finding.wrong = wrong;
    finding.what = std::move(what);
    finding.model = "rc11";
    finding.token = "rc11:0123";
    finding.places[ready] = {0x1000, 4, "ready"};
    finding.places[lock] = {0x2000, 4, "lock"};
  }

  /// Main creates threads 1 to n, on lines 1 to n.
  void create(std::size_t threads) {
    for (std::size_t t = 1; t <= threads; ++t) {
      Event event;
      event.kind = Kind::create;
      event.peer = static_cast<decltype(event.peer)>(t);
      add(0, event, static_cast<int>(t));
    }
  }

  EventId store(std::size_t thread, Location location, Value value, Order order, int line) {
    return write(thread, location, value, order, line, false);
  }

  EventId load(std::size_t thread, Location location, EventId seen, Order order, int line) {
    Event event;
    event.kind = Kind::read;
    event.location = location;
    event.order = order;
    const EventId read = add(thread, event, line);
    finding.graph.set_rf(read, seen);
    return read;
  }

  /// Both halves; the write comes last in co.
  EventId update(std::size_t thread, Location location, EventId seen, Value value, Order order,
                 int line, const std::string& operation) {
    Event event;
    event.kind = Kind::read;
    event.location = location;
    event.order = order;
    event.is_update = true;
    const EventId read = add(thread, event, line, operation);
    finding.graph.set_rf(read, seen);
    return write(thread, location, value, order, line, true);
  }

  EventId compare(std::size_t thread, Location location, EventId seen, Value expected, int line,
                  bool is_spurious = false) {
    Event event;
    event.kind = Kind::read;
    event.location = location;
    event.is_update = event.is_compare = true;
    event.expected = expected;
    event.success = Order::acquire;
    event.failure = Order::relaxed;
    const EventId read = add(thread, event, line);
    finding.graph.set_rf(read, seen, is_spurious);
    return read;
  }

  EventId fence(std::size_t thread, Order order, int line) {
    Event event;
    event.kind = Kind::fence;
    event.order = order;
    return add(thread, event, line);
  }

  /// A plain access to a variable at 0x3000, after all that its thread has done so far.
  void access(std::size_t thread, bool is_write, int line) {
    PlainAccess access;
    access.thread = thread;
    access.after = thread < finding.graph.threads() ? finding.graph.thread(thread).size() : 0;
    access.address = 0x3000;
    access.size = 4;
    access.is_write = is_write;
    access.what = is_write ? "writes" : "reads";
    access.name = "payload";
    access.where = at(line);
    finding.accesses.push_back(access);
  }

  void wait(std::size_t thread, const std::string& for_what, int line) {
    finding.waiting.push_back({thread, for_what, at(line)});
  }

  Backtrace at(int line) {
    const auto address = static_cast<std::uintptr_t>(line);
    symbols.code[address] = {{function, file, line}};
    return {address};
  }

  [[nodiscard]] std::string text() const { return text_of(finding, symbols); }

  Finding finding;
  Symbols symbols;
  std::string file = "/nowhere/mp.cpp";
  std::string function = "main::{lambda()#1}::operator()() const";

 private:
  EventId add(std::size_t thread, const Event& event, int line, const std::string& operation = {}) {
    const EventId id = finding.graph.add(thread, event);
    finding.order.push_back(id);
    finding.steps.push_back({id, at(line), "", operation});
    return id;
  }

  EventId write(std::size_t thread, Location location, Value value, Order order, int line,
                bool is_rmw) {
    Event event;
    event.kind = Kind::write;
    event.location = location;
    event.order = order;
    event.value = value;
    event.is_rmw = is_rmw;
    const std::size_t last = finding.graph.co(location).size() + 1;
    const EventId id = finding.graph.add(thread, event);
    finding.order.push_back(id);
    if (!is_rmw) finding.steps.push_back({id, at(line), "", ""});
    finding.graph.insert_co(id, last);
    return id;
  }
};

/// Thread 1 writes the payload and stores `ready`; thread 2 loads it and reads the payload.
inline Story message_passing(Order store = Order::relaxed, Order load = Order::acquire) {
  Story story(Wrong::data_race, "data race on payload");
  story.create(2);
  story.access(1, true, 14);
  const EventId write = story.store(1, Story::ready, 1, store, 15);
  story.load(2, Story::ready, write, load, 19);
  story.access(2, false, 20);
  return story;
}

}  // namespace lockstep::check
