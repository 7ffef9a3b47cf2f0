// checker/report/json.hpp: text in JSON, written part by part.
//
// Here as templates and inline functions because the checker's runtime and its command line are linked separately.
// Checked by: tests/report/json_test.cpp
#pragma once

#include <concepts>
#include <cstdio>
#include <string>
#include <string_view>

namespace lockstep::check::json {

[[nodiscard]] inline std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (code < 0x20) {
      char escaped[7];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", code);
      result += escaped;
    } else {
      result += c;
    }
  }
  return result + '"';
}

/// An object on one line, of members that are added one after the other.
class Object {
 public:
  void text(std::string_view name, std::string_view value) { member(name, quoted(value)); }
  template <std::integral Number>
  void number(std::string_view name, Number value) {
    member(name, std::to_string(value));
  }
  void truth(std::string_view name, bool value) { member(name, value ? "true" : "false"); }
  /// A value that is JSON already.
  void member(std::string_view name, const std::string& value) {
    text_ += (text_.empty() ? "{" : ", ") + quoted(name) + ": " + value;
  }
  [[nodiscard]] std::string done() const { return text_.empty() ? "{}" : text_ + '}'; }

 private:
  std::string text_;
};

/// Of all elements what `each(element)` gives as JSON.
template <class Range, class Each>
[[nodiscard]] std::string array(const Range& range, Each each) {
  std::string text;
  for (const auto& element : range) text += (text.empty() ? "" : ", ") + each(element);
  return '[' + text + ']';
}

template <class Range>
[[nodiscard]] std::string numbers(const Range& range) {
  return array(range, [](auto number) { return std::to_string(number); });
}

}  // namespace lockstep::check::json
