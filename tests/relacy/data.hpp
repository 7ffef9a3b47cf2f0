// tests/relacy/data.hpp: plain data and claims, for scenarios under Relacy.
#pragma once

#include "execution.hpp"

namespace scenarios {

/// Plain data, of which Relacy sees every access, and so every race.
template <class T>
class Shared {
 public:
  Shared(T value = T{}) : data_(value) {}  // NOLINT: implicit, as T's own

  operator T() const { return data_(here()).load(); }  // NOLINT
  T operator=(T value) {
    data_(here()).store(value);
    return value;
  }
  T operator=(const Shared& other) { return *this = static_cast<T>(other); }
  T operator+=(T value) { return *this = *this + value; }
  T operator++() { return *this += 1; }
  T operator--() { return *this = *this - 1; }

 private:
  static rl::debug_info here() { return {"", "the scenario", 0}; }

  rl::var<T> data_;
};

inline void require(bool holds,
                    const std::source_location& where = std::source_location::current()) {
  if (!holds) {
    rl::ctx().fail_test("require", rl::test_result_user_assert_failed,
                        under_relacy::position(where));
  }
}

}  // namespace scenarios
