// tests/relacy/atomic.hpp: std::atomic, with Relacy's memory model.
//
// An atomic here is as large as the real one, because the headers under test assert that of a futex
// word. It holds no value but a handle: the number of a cell that holds an rl::atomic. So an access
// after the end of its life is found (the handle is void, or the cell somebody else's), and so is,
// by its address, the word that a futex call means.
//
// Being constexpr, as std::atomic's, the constructor is called at compile time too; such an object
// is never used.
#pragma once

#include "execution.hpp"

namespace under_relacy {

template <class T>
class Cells {
 public:
  using Cell = rl::atomic<T>;

  /// A new cell for the atomic at `owner`.
  static T handle_for(const void* owner, T value) {
    std::size_t index = 0;
    while (is_used(index)) ++index;
    cells_.at(index).owner = owner;
    cells_[index].execution = execution.number;
    const Exceptions exceptions;
    ::new (static_cast<void*>(cells_[index].bytes)) Cell(value);
    return magic_ + static_cast<T>(index);
  }

  /// The cell of the atomic at `owner`, which has this handle.
  static Cell& cell(const void* owner, T handle, const rl::debug_info& where) {
    const T index = handle - magic_;
    if (index >= cells_.size() || !is_used(index) || cells_[index].owner != owner) {
      rl::ctx().fail_test("an atomic", rl::test_result_access_to_freed_memory, where);
    }
    return at(index);
  }

  /// The cell of the atomic at `owner`, if there is one.
  static Cell* find(const void* owner) {
    for (std::size_t index = 0; index < cells_.size(); ++index) {
      if (is_used(index) && cells_[index].owner == owner) return &at(index);
    }
    return nullptr;
  }

  /// Ends the life of a cell, and returns a void handle.
  static T give_up(const void* owner, T handle) {
    cell(owner, handle, {}).~Cell();
    cells_[handle - magic_].owner = nullptr;
    return 0;
  }

 private:
  struct Place {
    const void* owner = nullptr;
    unsigned execution = 0;  // what an execution that failed left behind does not count in the next
    alignas(Cell) std::byte bytes[sizeof(Cell)];
  };

  static bool is_used(std::size_t index) {
    const Place& place = cells_.at(index);
    return place.owner != nullptr && place.execution == execution.number;
  }
  static Cell& at(std::size_t index) {
    return *std::launder(reinterpret_cast<Cell*>(cells_[index].bytes));
  }

  static constexpr T magic_ = 0x10c5'7e90;  // a number that memory rarely holds by chance
  static inline std::array<Place, 32> cells_;
};

constexpr rl::memory_order relacys(std::memory_order order) {
  switch (order) {
    case std::memory_order_relaxed:
      return rl::mo_relaxed;
    case std::memory_order_consume:
      return rl::mo_consume;
    case std::memory_order_acquire:
      return rl::mo_acquire;
    case std::memory_order_release:
      return rl::mo_release;
    case std::memory_order_acq_rel:
      return rl::mo_acq_rel;
    case std::memory_order_seq_cst:
      return rl::mo_seq_cst;
  }
  return rl::mo_seq_cst;
}

template <class T>
class atomic {
  static_assert(std::is_unsigned_v<T> && sizeof(T) >= 4, "a handle has to fit in");
  using Where = std::source_location;

 public:
  static constexpr bool is_always_lock_free = true;

  constexpr atomic() noexcept : atomic(T{}) {}
  constexpr atomic(T value) noexcept {  // NOLINT: implicit, as std::atomic's
    handle_ = std::is_constant_evaluated() ? T{} : Cells<T>::handle_for(this, value);
  }
  constexpr ~atomic() {
    if (!std::is_constant_evaluated()) handle_ = Cells<T>::give_up(this, handle_);
  }
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  T load(std::memory_order order, Where where = Where::current()) const noexcept {
    return Step(this, where).cell.load(relacys(order), position(where));
  }
  void store(T value, std::memory_order order, Where where = Where::current()) noexcept {
    Step(this, where).cell.store(value, relacys(order), position(where));
  }
  T exchange(T value, std::memory_order order, Where where = Where::current()) noexcept {
    return Step(this, where).cell.exchange(value, relacys(order), position(where));
  }
  T fetch_add(T value, std::memory_order order, Where where = Where::current()) noexcept {
    return Step(this, where).cell.fetch_add(value, relacys(order), position(where));
  }
  T fetch_sub(T value, std::memory_order order, Where where = Where::current()) noexcept {
    return Step(this, where).cell.fetch_sub(value, relacys(order), position(where));
  }
  T fetch_and(T value, std::memory_order order, Where where = Where::current()) noexcept {
    return Step(this, where).cell.fetch_and(value, relacys(order), position(where));
  }
  T fetch_or(T value, std::memory_order order, Where where = Where::current()) noexcept {
    return Step(this, where).cell.fetch_or(value, relacys(order), position(where));
  }
  bool compare_exchange_weak(T& expected, T value, std::memory_order success,
                             std::memory_order failure, Where where = Where::current()) noexcept {
    return Step(this, where)
        .cell.compare_exchange_weak(expected, value, relacys(success), position(where),
                                    relacys(failure), position(where));
  }
  bool compare_exchange_strong(T& expected, T value, std::memory_order success,
                               std::memory_order failure, Where where = Where::current()) noexcept {
    return Step(this, where)
        .cell.compare_exchange_strong(expected, value, relacys(success), position(where),
                                      relacys(failure), position(where));
  }

 private:
  struct Step {
    Step(const atomic* self, const Where& where)
        : cell(Cells<T>::cell(self, self->handle_, position(where))) {
      execution.has_yielded[rl::thread_index()] = false;
    }
    typename Cells<T>::Cell& cell;
    Exceptions exceptions;
  };

  T handle_ = 0;
};

}  // namespace under_relacy
