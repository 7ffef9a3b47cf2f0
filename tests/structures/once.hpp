// tests/structures/once.hpp: something that is made by whoever needs it first.
//
// Double-checked: Schmidt and Harrison, "Double-checked locking" (PLoP 1996); right since C++11, as
// Preshing, "Double-checked locking is fixed in C++11" (2013) writes it. And the language's own
// way, a static variable in a function.
//
// Orders
//   (1) acquire, the first look      pairs with (2): who sees the pointer sees what it points to
//   (2) release, the pointer         pairs with (1)
//   The second look is relaxed: the lock orders it.
#pragma once

#include <atomic>

#include "orders.hpp"
#include "spinlock.hpp"

namespace structures {

struct OnceOrders {
  static constexpr auto look = acquire, publish = release;  // (1) (2)
  static constexpr bool looks_twice = true;
  using Lock = TasLock<>;
};

/// Counts in `made` how many there are.
struct Widget {
  explicit Widget(int& made) : number(++made) {}
  int number;
};

template <class Orders = OnceOrders>
class Once {
 public:
  Once() = default;
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;
  ~Once() { delete widget_.load(relaxed); }

  const Widget& get() {
    const Widget* widget = widget_.load(Orders::look);  // (1)
    return widget != nullptr ? *widget : make();
  }
  [[nodiscard]] int made() const { return made_; }

 private:
  const Widget& make() {
    lock_.lock();
    const Widget* widget = Orders::looks_twice ? widget_.load(relaxed) : nullptr;
    if (widget == nullptr) {
      widget = new Widget(made_);
      widget_.store(widget, Orders::publish);  // (2)
    }
    lock_.unlock();
    return *widget;
  }

  std::atomic<const Widget*> widget_{nullptr};
  typename Orders::Lock lock_;
  int made_ = 0;
};

inline const Widget& the_widget(int& made) {
  static const Widget widget(made);
  return widget;
}

}  // namespace structures
