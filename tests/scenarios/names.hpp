// tests/scenarios/names.hpp: a scenario's name, as its source spells it.
#pragma once

#include <cxxabi.h>

#include <cstdlib>
#include <string>
#include <typeinfo>

namespace scenarios {

template <class Scenario>
std::string name_of() {
  char* const full = abi::__cxa_demangle(typeid(Scenario).name(), nullptr, nullptr, nullptr);
  const std::string name(full);
  std::free(full);
  return name.substr(name.rfind(':') + 1);
}

}  // namespace scenarios
