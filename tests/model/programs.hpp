// tests/model/programs.hpp: every scenario as a program that the checker can explore.
#pragma once

#include <string>
#include <vector>

namespace model {

/// A scenario without its type.
struct Program {
  std::string primitive;
  std::string scenario;
  void (*run)();

  [[nodiscard]] std::string name() const { return primitive + '.' + scenario; }
};

[[nodiscard]] std::vector<Program> all_programs();

}  // namespace model
