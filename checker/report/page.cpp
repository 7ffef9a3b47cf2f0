#include "checker/report/page.hpp"

#include <string_view>

namespace lockstep::check {

extern const char* const page_template;  // made by page/embed.cmake

namespace {

void replace(std::string& text, std::string_view mark, std::string_view with) {
  const std::size_t found = text.find(mark);
  if (found != std::string::npos) text.replace(found, mark.size(), with);
}

/// For a <script> element, which ends at the first "</script" and is confused by "<!--": '<' stands in strings only.
std::string for_script(const std::string& json) {
  std::string result;
  for (const char c : json) {
    if (c == '<') {
      result += "\\u003c";
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace

std::string page_of(const Finding& finding, const Symbols& symbols, const std::string& report,
                    const std::string& repeat) {
  std::string page = page_template;
  replace(page, "{{data}}", for_script(page_data_of(finding, symbols, report, repeat)));
  return page;
}

}  // namespace lockstep::check
