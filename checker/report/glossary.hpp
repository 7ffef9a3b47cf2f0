// checker/report/glossary.hpp: what a report calls the things in an execution: events by number and
// operation, locations by name, values, places in the source.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/report/finding.hpp"
#include "checker/report/spots.hpp"
#include "checker/report/symbols.hpp"

namespace lockstep::check {

[[nodiscard]] std::string_view name_of(Order order) noexcept;

/// In decimal if that is short, else in hexadecimal; if it may be a small negative number of `size`
/// bytes, that too: "4294967295 (-1)". A size of 0 is unknown.
[[nodiscard]] std::string value_text(Value value, std::size_t size);

/// With a blank for each end of a line.
[[nodiscard]] std::string on_one_line(std::string text);

/// Of a text with more bytes than that, the first characters, none of them in part, and "...".
[[nodiscard]] std::string shortened(const std::string& text, std::size_t most);

/// "thread 1".
[[nodiscard]] std::string thread_text(std::size_t thread);

/// The event that created a thread; the initial one for the first thread.
[[nodiscard]] EventId creation_of(const Graph& graph, std::size_t thread) noexcept;

class Glossary {
 public:
  Glossary(const Finding& finding, const Symbols& symbols);

  [[nodiscard]] const Finding& finding() const noexcept { return finding_; }
  [[nodiscard]] const Graph& graph() const noexcept { return finding_.graph; }
  [[nodiscard]] const Spots& spots() const noexcept { return spots_; }

  /// The events as they took place, a read-modify-write once, by its read. Numbered from 1.
  [[nodiscard]] const std::vector<EventId>& events() const noexcept { return events_; }
  /// The number, the same for both halves of a read-modify-write. 0 if it has none.
  [[nodiscard]] std::size_t number(EventId event) const noexcept;

  /// How many events a thread did. Only they are told: the graph may know what would follow.
  [[nodiscard]] std::size_t done(std::size_t thread) const noexcept;

  /// "thread 1 (producer)": with the name that the program gave it, or else the function that it runs, unless that is a lambda.
  [[nodiscard]] const std::string& thread(std::size_t thread) const { return threads_[thread]; }
  /// "#7", or "initial".
  [[nodiscard]] std::string id(EventId event) const;
  /// "store", "exchange", "create thread 2".
  [[nodiscard]] std::string operation(EventId event) const;
  /// "#7 store ready (mp.cpp:14)".
  [[nodiscard]] std::string mention(EventId event) const;
  /// "store ready = 1 (release)".
  [[nodiscard]] std::string description(EventId event) const;
  /// The calls that led to it; nothing if they were not recorded.
  [[nodiscard]] Backtrace where(EventId event) const;
  /// "mp.cpp:14", or nothing if that was not recorded.
  [[nodiscard]] std::string place(EventId event) const;

  /// What a write wrote, or what was there before any.
  [[nodiscard]] std::string value_of(Location location, EventId write) const;

  /// Without what stands in parentheses after it.
  [[nodiscard]] std::string name(Location location) const;
  /// What is known of a location, in full.
  [[nodiscard]] std::string full_name(Location location) const;
  [[nodiscard]] std::string name(const PlainAccess& access) const;
  /// Of what a thread waits for.
  [[nodiscard]] std::string name(const Waiting& waiting) const;

 private:
  [[nodiscard]] const Step* step(EventId event) const noexcept;
  [[nodiscard]] std::string value(const Event& event) const;
  [[nodiscard]] std::string value(Location location, Value value) const;
  void name_threads();
  [[nodiscard]] std::string change(EventId read) const;
  [[nodiscard]] std::string name_at(std::uintptr_t address) const;

  const Finding& finding_;
  const Symbols& symbols_;
  Spots spots_;
  std::vector<std::string> threads_;
  std::vector<EventId> events_;
  std::vector<std::vector<std::size_t>> numbers_;  // by thread and index
  std::vector<std::vector<const Step*>> steps_;    // by thread and index
};

}  // namespace lockstep::check
