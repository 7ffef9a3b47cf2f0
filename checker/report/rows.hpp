// checker/report/rows.hpp: the lines of the table: events, and between them what the finding is about.
//
// A plain access is put where it took place: after the event of its thread before it, and after the
// accesses that came first. The last one, if its thread did nothing more, is what ended the execution.
#pragma once

#include <string>
#include <vector>

#include "checker/report/glossary.hpp"

namespace lockstep::check {

struct Row {
  std::size_t thread = 0;
  std::string text;   // "#7 store ready = 1 (release)"
  std::string place;  // "mp.cpp:14"
  bool is_marked = false;
  EventId event{};  // is_initial(): it is none
  Backtrace where{};
};

[[nodiscard]] std::vector<Row> rows_of(const Glossary& glossary);

/// The threads that have a row, in order.
[[nodiscard]] std::vector<std::size_t> threads_of(const std::vector<Row>& rows);

/// Which rows are marked.
[[nodiscard]] std::vector<std::size_t> marked_of(const std::vector<Row>& rows);

/// "waits for the mutex m, which thread 2 has since #7".
[[nodiscard]] std::string waiting_text(const Glossary& glossary, const Waiting& waiting);

/// "4 bytes".
[[nodiscard]] std::string bytes(std::size_t count);

/// "writes payload (4 bytes)".
[[nodiscard]] std::string access_text(const Glossary& glossary, const PlainAccess& access);

}  // namespace lockstep::check
