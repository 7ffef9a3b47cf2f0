// checker/runtime/keys.hpp: pthread_key_create and its kin: values of a thread's own, by keys made at run
// time. A key's number is a matter of who made it, and as which of its keys, so that it is the same in
// each execution.
#pragma once

#include <limits.h>

#include <array>
#include <map>
#include <utility>

#include "checker/runtime/thread.hpp"

namespace lockstep::check {

using Destroy = void (*)(void*);

/// Those of an execution.
class Keys {
 public:
  void clear() noexcept {
    destroy_.clear();
    made_.fill(0);
  }

  [[nodiscard]] unsigned create(const Thread& me, Destroy destroy) {
    constexpr unsigned first = 1U << 20;  // the C library's own are below
    constexpr unsigned each = 1U << 12;
    const unsigned key = first + static_cast<unsigned>(me.id) * each + made_[me.id]++;
    destroy_[key] = destroy;
    return key;
  }
  /// One that a library made for itself, outside of all executions.
  static void note_native(unsigned key, Destroy destroy) noexcept {
    if (key < native_.size()) native_[key] = destroy;
  }
  [[nodiscard]] bool remove(unsigned key) { return destroy_.erase(key) != 0; }

  /// A value of the thread that is to be destroyed, and by what, at its end. It is no longer its value.
  [[nodiscard]] std::pair<Destroy, void*> take_one(Thread& me) const {
    for (auto& [key, value] : me.specific) {
      const Destroy destroy = destructor_of(key);
      if (value == nullptr || destroy == nullptr) continue;
      return {destroy, std::exchange(value, nullptr)};
    }
    return {nullptr, nullptr};
  }

 private:
  [[nodiscard]] Destroy destructor_of(unsigned key) const {
    if (key < native_.size()) return native_[key];
    const auto found = destroy_.find(key);
    return found == destroy_.end() ? nullptr : found->second;
  }

  static inline std::array<Destroy, PTHREAD_KEYS_MAX> native_{};
  std::map<unsigned, Destroy> destroy_;
  std::array<unsigned, max_threads> made_{};
};

}  // namespace lockstep::check
