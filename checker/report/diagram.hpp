// checker/report/diagram.hpp: an execution as what took place in each thread, and arrows between.
//
// What all drawings of it share: the rows of the table, each with its event, and the relations as pairs of rows. Of
// transitive ones only the steps are there: po is the order of a thread's rows, co that of a location's writes.
// Checked by: tests/report/diagram_test.cpp
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/report/glossary.hpp"
#include "checker/report/rows.hpp"

namespace lockstep::check {

struct Arrow {
  enum class Kind : std::uint8_t {
    sees,          // from a write to a read: rf
    overwrites,    // from a write to the next in co; neither is the initial one
    synchronizes,  // sw, and what creations, ends and joins order
    wakes,         // from what took a thread off a queue to where it goes on
    races,         // between two accesses that nothing orders
    waits,         // from who waits to what has, or will have, what it waits for
    misses         // from who waits to a wake that went by before
  };
  Kind kind;
  std::size_t from, to;  // rows
  friend bool operator==(const Arrow&, const Arrow&) = default;
};

struct Diagram {
  std::vector<Row> rows;
  std::vector<Arrow> arrows;
  std::vector<std::size_t> row_of_number;  // by the number of an event less 1
};

[[nodiscard]] Diagram diagram_of(const Glossary& words);

}  // namespace lockstep::check
