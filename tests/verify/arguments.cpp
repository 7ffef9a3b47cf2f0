#include "arguments.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace verify {

bool Arguments::take_flag(std::string_view name) { return std::erase(words_, name) > 0; }

std::optional<std::string> Arguments::take_value(std::string_view name) {
  const auto option = std::find(words_.begin(), words_.end(), name);
  if (option == words_.end()) return std::nullopt;
  const auto value = option + 1;
  if (value == words_.end()) throw std::invalid_argument(std::string(name) + " needs a value");
  std::string text = std::move(*value);
  words_.erase(option, value + 1);
  return text;
}

std::optional<std::uint64_t> Arguments::take_number(std::string_view name) {
  const auto text = take_value(name);
  if (!text) return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = text->data() + text->size();
  if (std::from_chars(text->data(), end, number).ptr != end || number == 0) {
    throw std::invalid_argument(std::string(name) + " needs a number of at least 1, not '" + *text +
                                "'");
  }
  return number;
}

std::string Arguments::take_last() {
  if (words_.empty()) throw std::invalid_argument("an argument is missing");
  std::string word = std::move(words_.back());
  words_.pop_back();
  refuse_others();
  return word;
}

void Arguments::refuse_others() const {
  if (!words_.empty()) throw std::invalid_argument("what is '" + words_.front() + "'?");
}

}  // namespace verify
