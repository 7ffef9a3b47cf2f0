// lockstep/callback.hpp: something to be called later, without arguments or result.
//
// std::function wants it copyable and has no constexpr constructor; std::move_only_function is
// C++23.
#pragma once

#include "lockstep/os/requirements.hpp"

#include <cstddef>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>

namespace lockstep {

/// Owns a callable `void()`, or nothing. Movable, not copyable. A callable of up to three pointers
/// is kept inside, a larger one on the heap.
class Callback {
 public:
  constexpr Callback() noexcept = default;

  /// Keeps decayed copies of `function` and `arguments`. Of a null pointer, or a std::function that
  /// is empty, it makes an empty callback.
  template <class F, class... Args>
    requires(!std::is_same_v<std::decay_t<F>, Callback> &&
             std::is_invocable_v<std::decay_t<F>&, std::decay_t<Args>&...>)
  Callback(F&& function, Args&&... arguments) {  // NOLINT: implicit, as std::function is
    if (is_null(function)) return;
    if constexpr (sizeof...(Args) == 0) {
      emplace<std::decay_t<F>>(std::forward<F>(function));
    } else {
      auto call = [function = std::decay_t<F>(std::forward<F>(function)),
                   arguments = std::tuple<std::decay_t<Args>...>(std::forward<Args>(
                       arguments)...)]() mutable { std::apply(function, arguments); };
      emplace<decltype(call)>(std::move(call));
    }
  }

  /// Takes over what `other` would call, which is then empty.
  constexpr Callback(Callback&& other) noexcept { take(other); }
  /// The same; what this would have called is destroyed.
  constexpr Callback& operator=(Callback&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  constexpr ~Callback() { reset(); }

  /// Is there something to call?
  [[nodiscard]] explicit constexpr operator bool() const noexcept { return kind_ != nullptr; }

  /// Calls it. There must be one.
  void operator()() { kind_->call(bytes_); }

  /// Destroys what it would call: it is empty then.
  constexpr void reset() noexcept {
    if (kind_ == nullptr) return;
    kind_->destroy(bytes_);
    kind_ = nullptr;
  }

 private:
  template <class F>
  static constexpr bool is_null(const F& function) noexcept {
    if constexpr (std::is_pointer_v<F> || std::is_member_pointer_v<F>) {
      return function == nullptr;
    } else if constexpr (requires { function.operator bool(); }) {
      return !function;
    } else {
      return false;
    }
  }

  struct Kind {
    void (*call)(void* bytes);
    void (*move)(void* from, void* to) noexcept;  // and destroys what was in `from`
    void (*destroy)(void* bytes) noexcept;
  };

  template <class F>
  static constexpr bool fits = sizeof(F) <= 3 * sizeof(void*) && alignof(F) <= alignof(void*) &&
                               std::is_nothrow_move_constructible_v<F>;

  template <class F>
  static F& inside(void* bytes) noexcept {
    return *std::launder(static_cast<F*>(bytes));
  }

  template <class F>
  static constexpr Kind kept_inside{[](void* bytes) { static_cast<void>(inside<F>(bytes)()); },
                                    [](void* from, void* to) noexcept {
                                      ::new (to) F(std::move(inside<F>(from)));
                                      inside<F>(from).~F();
                                    },
                                    [](void* bytes) noexcept { inside<F>(bytes).~F(); }};

  template <class F>
  static F& outside(void* bytes) noexcept {
    return *inside<F*>(bytes);
  }

  template <class F>
  static constexpr Kind kept_outside{
      [](void* bytes) { static_cast<void>(outside<F>(bytes)()); },
      [](void* from, void* to) noexcept { ::new (to) F*(inside<F*>(from)); },
      [](void* bytes) noexcept { delete &outside<F>(bytes); }};

  template <class F, class Function>
  void emplace(Function&& function) {
    if constexpr (fits<F>) {
      ::new (static_cast<void*>(bytes_)) F(std::forward<Function>(function));
      kind_ = &kept_inside<F>;
    } else {
      ::new (static_cast<void*>(bytes_)) F*(new F(std::forward<Function>(function)));
      kind_ = &kept_outside<F>;
    }
  }

  constexpr void take(Callback& other) noexcept {
    if (other.kind_ != nullptr) other.kind_->move(other.bytes_, bytes_);
    kind_ = std::exchange(other.kind_, nullptr);
  }

  alignas(void*) unsigned char bytes_[3 * sizeof(void*)]{};
  const Kind* kind_ = nullptr;
};

}  // namespace lockstep
