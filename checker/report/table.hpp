// checker/report/table.hpp: an execution as a table, a column for each thread.
//
// Events stand in the order in which they took place, each starting in its thread's column; as a
// line holds one event, it may run on to the right. With more than three threads the columns would be
// too narrow, and the thread's number stands in front instead. Marked with >>: what is wrong.
// Checked by: tests/report/text_test.cpp
#pragma once

#include <string>

#include "checker/report/glossary.hpp"

namespace lockstep::check {

[[nodiscard]] std::string table_of(const Glossary& glossary);

}  // namespace lockstep::check
