// lockstep/async/shared.hpp: what several have, on several threads, and the last of them destroys.
//
// State: the number of references; 1 from the beginning, for whoever made it (Ref::adopt).
//
// Orders
//   (1) release, drop     pairs with (2)
//   (2) acquire, drop, is_sole  pairs with (1)
//   Without them the last could destroy it, or take from it, while another still reads.
//   Another reference is made from one that there is, which needs no order.
//
// Checked by: tests/scenarios/async.hpp
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace lockstep::async {

/// Counts those who refer to it.
class Shared {
 public:
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  void add_reference() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void drop_reference() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;  // (1, 2)
  }

  /// Does nobody but the caller refer to it?
  [[nodiscard]] bool is_sole() const noexcept {
    return references_.load(std::memory_order_acquire) == 1;  // (2)
  }

 protected:
  Shared() noexcept = default;
  virtual ~Shared() = default;

 private:
  std::atomic<std::uint32_t> references_{1};
};

/// A reference to one, or to nothing.
template <class T>
class Ref {
 public:
  constexpr Ref() noexcept = default;

  /// Takes over a reference.
  [[nodiscard]] static Ref adopt(T* shared) noexcept {
    Ref ref;
    ref.shared_ = shared;
    return ref;
  }

  /// Makes another.
  explicit Ref(T& shared) noexcept : shared_(&shared) { shared.add_reference(); }

  Ref(const Ref& other) noexcept : shared_(other.shared_) {
    if (shared_ != nullptr) shared_->add_reference();
  }
  Ref(Ref&& other) noexcept : shared_(std::exchange(other.shared_, nullptr)) {}
  template <class Derived>
  Ref(Ref<Derived> other) noexcept : shared_(other.release()) {}  // NOLINT: as pointers convert
  Ref& operator=(Ref other) noexcept {
    std::swap(shared_, other.shared_);
    return *this;
  }
  ~Ref() {
    if (shared_ != nullptr) shared_->drop_reference();
  }

  [[nodiscard]] explicit operator bool() const noexcept { return shared_ != nullptr; }
  [[nodiscard]] T* get() const noexcept { return shared_; }
  T* operator->() const noexcept { return shared_; }
  T& operator*() const noexcept { return *shared_; }

  /// Gives the reference away.
  [[nodiscard]] T* release() noexcept { return std::exchange(shared_, nullptr); }

 private:
  T* shared_ = nullptr;
};

}  // namespace lockstep::async
