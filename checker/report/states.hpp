// checker/report/states.hpp: what each location of an execution is to the program, and what it holds after a write.
//
// A mutex is known by what is done to it, and its value says who has it (system/mutex.hpp, system/rwlock.hpp); a queue
// of sleepers by its place, and whose it is by who comes there.
// Checked by: tests/report/page_test.cpp
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "checker/report/glossary.hpp"

namespace lockstep::check {

class States {
 public:
  explicit States(const Glossary& words);

  /// "value", "mutex", "read-write lock"; of a queue "futex", "condition variable", "barrier".
  [[nodiscard]] std::string_view kind(Location location) const;
  [[nodiscard]] bool is_queue(Location location) const;

  /// What it holds after a write: "1", "free", "thread 1 has it", "{thread 1, thread 2}".
  [[nodiscard]] std::string text(Location location, EventId write) const;
  /// Who sleeps there after a write, the longest first.
  [[nodiscard]] std::vector<std::size_t> queue(Location location, EventId write) const;

 private:
  const Glossary& words_;
  std::map<Location, std::string_view> kinds_;
};

}  // namespace lockstep::check
