// checker/report/json.hpp: text in JSON, written part by part.
//
// JSON is UTF-8; what is no UTF-8, such as what a program prints, has U+FFFD in the place of each byte that is part of no character.
// Here as templates and inline functions because the checker's runtime and its command line are linked separately.
// Checked by: tests/report/json_test.cpp
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace lockstep::check::json {

/// How many bytes the UTF-8 character has that `text` begins with. 0: it begins with none.
[[nodiscard]] inline std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.empty() || byte(0) < 0x80) return text.empty() ? 0 : 1;
  const std::size_t size = byte(0) < 0xe0 ? 2 : byte(0) < 0xf0 ? 3 : 4;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const bool is_overlong =
      (byte(0) == 0xe0 && byte(1) < 0xa0) || (byte(0) == 0xf0 && byte(1) < 0x90);
  const bool is_surrogate = byte(0) == 0xed && byte(1) > 0x9f;
  const bool is_beyond_unicode = byte(0) == 0xf4 && byte(1) > 0x8f;
  return is_overlong || is_surrogate || is_beyond_unicode ? 0 : size;
}

[[nodiscard]] inline std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (std::size_t size = 1; !text.empty(); text.remove_prefix(size)) {
    const char c = text.front();
    const auto code = static_cast<unsigned char>(c);
    const std::size_t character = character_size(text);
    size = std::max<std::size_t>(character, 1);
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (code < 0x20) {
      char escaped[7];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", code);
      result += escaped;
    } else {
      result += character == 0 ? "\\ufffd" : text.substr(0, size);
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
