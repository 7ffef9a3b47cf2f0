// lockstep/async/outcome.hpp: what came of a task: a value or an exception.
#pragma once

#include "lockstep/os/requirements.hpp"

#include <exception>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

namespace lockstep {

/// A value (of type `void`: none; a reference: that), or an exception, or nothing yet.
template <class T>
class Outcome {
  using Stored =
      std::conditional_t<std::is_void_v<T>, std::monostate,
                         std::conditional_t<std::is_reference_v<T>,
                                            std::add_pointer_t<std::remove_reference_t<T>>, T>>;

 public:
  /// Nothing yet.
  Outcome() noexcept = default;

  /// Makes it a value.
  template <class... Args>
  void emplace(Args&&... args) {
    if constexpr (std::is_reference_v<T>) {
      held_.template emplace<1>(std::addressof(args)...);
    } else {
      held_.template emplace<1>(std::forward<Args>(args)...);
    }
  }

  /// Makes it an exception.
  void fail(std::exception_ptr exception) noexcept {
    held_.template emplace<2>(std::move(exception));
  }

  /// Is it a value, not an exception?
  [[nodiscard]] bool has_value() const noexcept { return held_.index() == 1; }

  /// What was thrown, or null.
  [[nodiscard]] std::exception_ptr exception() const noexcept {
    const auto* thrown = std::get_if<2>(&held_);
    return thrown == nullptr ? nullptr : *thrown;
  }

  /// A copy of the value; of a reference, that. Throws what was thrown.
  [[nodiscard]] T value() const&
    requires(std::is_void_v<T> || std::is_reference_v<T> || std::is_copy_constructible_v<T>)
  {
    throw_if_failed();
    if constexpr (std::is_reference_v<T>) {
      return static_cast<T>(**std::get_if<1>(&held_));
    } else if constexpr (!std::is_void_v<T>) {
      return *std::get_if<1>(&held_);
    }
  }

  /// The value, moved out. Throws what was thrown.
  T value() && {
    throw_if_failed();
    if constexpr (std::is_reference_v<T>) {
      return static_cast<T>(**std::get_if<1>(&held_));
    } else if constexpr (!std::is_void_v<T>) {
      return std::move(*std::get_if<1>(&held_));
    }
  }

 private:
  void throw_if_failed() const {
    if (const auto* thrown = std::get_if<2>(&held_)) std::rethrow_exception(*thrown);
  }

  std::variant<std::monostate, Stored, std::exception_ptr> held_;
};

}  // namespace lockstep
