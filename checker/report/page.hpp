// checker/report/page.hpp: a finding as a page for a browser, which needs nothing but itself.
//
// The page is page/page.html with its style and script, which the build puts into the runtime, and what it shows is one
// JSON object in it. Whatever comes from the program is in that object only, and its script makes nothing but text of
// it: names and sources may hold any markup.
// Checked by: tests/report/page_test.cpp, and in a browser by tests/page/
#pragma once

#include <string>

#include "checker/report/finding.hpp"
#include "checker/report/symbols.hpp"

namespace lockstep::check {

/// `report`: text_of() the same. `repeat`: a command that repeats the execution, for people; "{token}" in it is the token.
[[nodiscard]] std::string page_of(const Finding& finding, const Symbols& symbols,
                                  const std::string& report, const std::string& repeat);

/// What the page shows, as JSON. What each member is: page_data.cpp.
[[nodiscard]] std::string page_data_of(const Finding& finding, const Symbols& symbols,
                                       const std::string& report, const std::string& repeat);

}  // namespace lockstep::check
