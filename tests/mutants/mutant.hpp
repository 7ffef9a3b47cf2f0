// tests/mutants/mutant.hpp: what the mutated copies of the headers ask.
//
// Nothing of the standard library: the runner under Relacy has redefined it by the time this is included.
#pragma once

namespace mutants {

/// Is this mutant the one that is switched on? Notes that it was asked for. (mutant.cpp, which is not instrumented:
/// the checker sees nothing of it.)
bool is(unsigned number) noexcept;

/// An atomic whose read-modify-writes are torn in two, a load and a store, if so wished.
template <class Atomic, class Order>
class Torn {
 public:
  constexpr Torn(bool torn, Atomic& atomic, Order load, Order store) noexcept
      : torn_(torn), atomic_(atomic), load_(load), store_(store) {}

  template <class Value, class Desired, class... Orders>
  bool compare_exchange_weak(Value& expected, Desired desired, Orders... orders) {
    if (!torn_) return atomic_.compare_exchange_weak(expected, desired, orders...);
    return compare_and_store(expected, desired);
  }
  template <class Value, class Desired, class... Orders>
  bool compare_exchange_strong(Value& expected, Desired desired, Orders... orders) {
    if (!torn_) return atomic_.compare_exchange_strong(expected, desired, orders...);
    return compare_and_store(expected, desired);
  }

  template <class Value>
  auto exchange(Value value, Order order) {
    return torn_ ? replace([&](auto) { return value; }) : atomic_.exchange(value, order);
  }
  template <class Value>
  auto fetch_add(Value value, Order order) {
    return torn_ ? replace([&](auto old) { return old + value; }) : atomic_.fetch_add(value, order);
  }
  template <class Value>
  auto fetch_sub(Value value, Order order) {
    return torn_ ? replace([&](auto old) { return old - value; }) : atomic_.fetch_sub(value, order);
  }
  template <class Value>
  auto fetch_and(Value value, Order order) {
    return torn_ ? replace([&](auto old) { return old & value; }) : atomic_.fetch_and(value, order);
  }
  template <class Value>
  auto fetch_or(Value value, Order order) {
    return torn_ ? replace([&](auto old) { return old | value; }) : atomic_.fetch_or(value, order);
  }

 private:
  template <class Value, class Desired>
  bool compare_and_store(Value& expected, Desired desired) {
    const Value seen = atomic_.load(load_);
    const bool equal = seen == expected;
    expected = seen;
    if (equal) atomic_.store(desired, store_);
    return equal;
  }

  template <class Change>
  auto replace(Change change) {
    auto old = atomic_.load(load_);
    const auto changed = static_cast<decltype(old)>(change(old));
    atomic_.store(changed, store_);
    return old;
  }

  bool torn_;
  Atomic& atomic_;
  Order load_;
  Order store_;
};

template <class Atomic, class Order>
constexpr Torn<Atomic, Order> torn_if(bool torn, Atomic& atomic, Order load, Order store) noexcept {
  return {torn, atomic, load, store};
}

}  // namespace mutants
