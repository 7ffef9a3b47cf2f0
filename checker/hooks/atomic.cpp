// checker/hooks/atomic.cpp: the instrumentation of atomic operations, as gcc and clang call it.
//
// These are the bodies, lockstep_<name>, of hooks whose entries, __tsan_<name>, are in machine/: those
// note the caller's state for runtime/spin.hpp. Natively all are seq_cst.
#include <cstdint>

#include "checker/hooks/hook.hpp"

namespace lockstep::check {
namespace {

__extension__ using Int128 = unsigned __int128;

/// The order that a compiler names; consume is acquire. The upper bits are hints to the processor.
Order order_of(int order) noexcept {
  switch (order & 0xff) {
    case __ATOMIC_RELAXED:
      return Order::relaxed;
    case __ATOMIC_CONSUME:
    case __ATOMIC_ACQUIRE:
      return Order::acquire;
    case __ATOMIC_RELEASE:
      return Order::release;
    case __ATOMIC_ACQ_REL:
      return Order::acq_rel;
    default:
      return Order::seq_cst;
  }
}

/// Natively, by compare-and-swap: every processor has it for all sizes.
template <class T, class Change>
T change_natively(volatile T* object, Change change) noexcept {
  T seen = *object;
  for (;;) {
    const T found = __sync_val_compare_and_swap(object, seen, change(seen));
    if (found == seen) return seen;
    seen = found;
  }
}

template <class T>
T load(const volatile T* object, int order) {
  if (Thread* const me = modelled()) {
    const Hook hook(*me);
    return static_cast<T>(
        hook->load(*me, reinterpret_cast<std::uintptr_t>(object), sizeof(T), order_of(order)));
  }
  if constexpr (sizeof(T) <= 8) {
    return __atomic_load_n(object, __ATOMIC_SEQ_CST);
  } else {
    return __sync_val_compare_and_swap(const_cast<volatile T*>(object), T{0}, T{0});
  }
}

template <class T>
void store(volatile T* object, T value, int order) {
  if (Thread* const me = modelled()) {
    const Hook hook(*me);
    hook->store(*me, reinterpret_cast<std::uintptr_t>(object), sizeof(T), order_of(order), value);
  } else {
    change_natively(object, [=](T) { return value; });
  }
}

template <class T>
T update(volatile T* object, Operation operation, T operand, int order) {
  Update update;
  update.operation = operation;
  update.order = order_of(order);
  update.size = sizeof(T);
  update.operand = operand;
  if (Thread* const me = modelled()) {
    const Hook hook(*me);
    return static_cast<T>(
        hook->update(*me, reinterpret_cast<std::uintptr_t>(object), update).value);
  }
  return change_natively(object, [&](T seen) { return static_cast<T>(update.written(seen)); });
}

/// Returns what it saw, and says in `wrote` whether it wrote. `told` is where the caller wants to find
/// what was seen if it did not, or null.
template <class T>
T compare_exchange(volatile T* object, T expected, T desired, int success, int failure,
                   bool may_fail, bool& wrote, T* told) {
  if (Thread* const me = modelled()) {
    Update update;
    update.operation = Operation::compare_exchange;
    update.order = order_of(success);
    update.failure = order_of(failure);
    update.may_fail = may_fail;
    update.size = sizeof(T);
    update.operand = desired;
    update.expected = expected;
    const Hook hook(*me);
    const Seen seen = hook->update(*me, reinterpret_cast<std::uintptr_t>(object), update);
    wrote = seen.wrote;
    if (!wrote && told != nullptr) {
      hook->plain(*me, reinterpret_cast<std::uintptr_t>(told), sizeof(T), true);
    }
    return static_cast<T>(seen.value);
  }
  const T seen = __sync_val_compare_and_swap(object, expected, desired);
  wrote = seen == expected;
  return seen;
}

}  // namespace
}  // namespace lockstep::check

namespace check = lockstep::check;
using check::Operation;

#define BODY LOCKSTEP_BODY

#define COMPARE_EXCHANGE(T, bits, strength, may_fail)                                       \
  BODY int lockstep_atomic##bits##_compare_exchange_##strength(                             \
      volatile T* object, T* expected, T desired, int success, int failure) {               \
    bool wrote = false;                                                                     \
    const T seen = check::compare_exchange<T>(object, *expected, desired, success, failure, \
                                              may_fail, wrote, expected);                   \
    if (!wrote) *expected = seen;                                                           \
    return wrote ? 1 : 0;                                                                   \
  }

#define FETCH(T, bits, name, operation)                                             \
  BODY T lockstep_atomic##bits##_##name(volatile T* object, T operand, int order) { \
    return check::update<T>(object, operation, operand, order);                     \
  }

#define ATOMIC(T, bits)                                                                          \
  BODY T lockstep_atomic##bits##_load(const volatile T* object, int order) {                     \
    return check::load<T>(object, order);                                                        \
  }                                                                                              \
  BODY void lockstep_atomic##bits##_store(volatile T* object, T value, int order) {              \
    check::store<T>(object, value, order);                                                       \
  }                                                                                              \
  FETCH(T, bits, exchange, Operation::exchange)                                                  \
  FETCH(T, bits, fetch_add, Operation::add)                                                      \
  FETCH(T, bits, fetch_sub, Operation::subtract)                                                 \
  FETCH(T, bits, fetch_and, Operation::bit_and)                                                  \
  FETCH(T, bits, fetch_or, Operation::bit_or)                                                    \
  FETCH(T, bits, fetch_xor, Operation::bit_xor)                                                  \
  FETCH(T, bits, fetch_nand, Operation::bit_nand)                                                \
  COMPARE_EXCHANGE(T, bits, strong, false)                                                       \
  COMPARE_EXCHANGE(T, bits, weak, true)                                                          \
  BODY T lockstep_atomic##bits##_compare_exchange_val(volatile T* object, T expected, T desired, \
                                                      int success, int failure) {                \
    bool wrote = false;                                                                          \
    return check::compare_exchange<T>(object, expected, desired, success, failure, false, wrote, \
                                      static_cast<T*>(nullptr));                                 \
  }

ATOMIC(std::uint8_t, 8)
ATOMIC(std::uint16_t, 16)
ATOMIC(std::uint32_t, 32)
ATOMIC(std::uint64_t, 64)
ATOMIC(check::Int128, 128)

BODY void lockstep_atomic_thread_fence(int order) {
  if (check::Thread* const me = check::modelled()) {
    const check::Hook hook(*me);
    const check::Order fence = check::order_of(order);
    if (fence != check::Order::relaxed) hook->fence(*me, fence);
  } else {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
  }
}

// Orders a thread with its own signal handlers only.
LOCKSTEP_EXPORT void __tsan_atomic_signal_fence(int order) {
  if (check::Thread* const me = check::modelled()) {
    const check::Hook hook(*me, __builtin_return_address(0));
    hook->light_fence(*me, check::order_of(order));
  }
}
