// tests/verify/arguments.hpp: the arguments of a command, taken one kind after another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verify {

/// Throws std::invalid_argument if an argument is not what it should be.
class Arguments {
 public:
  Arguments(int argc, char** argv) : words_(argv + 1, argv + argc) {}

  /// Is it there?
  [[nodiscard]] bool take_flag(std::string_view name);
  /// What follows it, if it is there.
  [[nodiscard]] std::optional<std::string> take_value(std::string_view name);
  /// The same, a number of at least 1.
  [[nodiscard]] std::optional<std::uint64_t> take_number(std::string_view name);
  /// What else there is, of which there must be one.
  [[nodiscard]] std::string take_last();
  /// There must be nothing else.
  void refuse_others() const;

 private:
  std::vector<std::string> words_;
};

}  // namespace verify
