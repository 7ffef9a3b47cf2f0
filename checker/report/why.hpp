// checker/report/why.hpp: why an execution came to what is wrong with it, in sentences.
//
//   - two accesses that race: what does not order them (race.hpp);
//   - threads that wait: who waits for whom, in a circle or up to one whom nobody wakes;
//   - anything else: which reads saw an old value though a newer one had been written, because nothing makes the
//     newer write happen before the read.
// Checked by: tests/report/why_test.cpp, tests/report/race_test.cpp
#pragma once

#include <string>
#include <vector>

#include "checker/report/glossary.hpp"

namespace lockstep::check {

struct Why {
  std::string heading;
  std::vector<std::string> lines{};
};

/// What there is to say, in the order of importance.
[[nodiscard]] std::vector<Why> why_wrong(const Glossary& glossary);

/// A read that saw another value than the one that the location held in the order of the table.
struct OldSight {
  EventId read;
  EventId newer;  // the last write before it in the table that it could not see, or did not
};
[[nodiscard]] std::vector<OldSight> old_sights(const Glossary& glossary);

}  // namespace lockstep::check
