// tests/model/histories/queue.hpp: queues and a stack against a std::deque: the bounded queue of the examples, over our RLock
// and Conditions, and from tests/structures the queue of Michael and Scott and the stack of Treiber.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>

#include "../../structures/ms_queue.hpp"
#include "../../structures/treiber_stack.hpp"
#include "lockstep/condition.hpp"
#include "lockstep/linearizability.hpp"
#include "lockstep/rlock.hpp"
#include "scenario.hpp"

namespace scenarios {

using Item = std::optional<int>;  // nothing: there was none

inline std::string called(const char* name, int item) {
  return name + ('(' + std::to_string(item)) + ')';
}

struct SequentialDeque {
  std::size_t capacity = static_cast<std::size_t>(-1);
  std::deque<int> items{};

  bool put(int item) {
    items.push_back(item);
    return items.size() <= capacity;
  }
  bool take_first(Item got) {
    if (items.empty() || !got) return items.empty() && !got;
    const bool is_it = items.front() == *got;
    items.pop_front();
    return is_it;
  }
  bool take_last(Item got) {
    if (items.empty() || !got) return items.empty() && !got;
    const bool is_it = items.back() == *got;
    items.pop_back();
    return is_it;
  }
  bool operator==(const SequentialDeque&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const SequentialDeque& deque) {
    out << '[';
    for (const char* comma = ""; const int item : deque.items) {
      out << comma << item;
      comma = ", ";
    }
    return out << ']';
  }
};

/// As in examples/producer_consumer.cpp, but it waits only a while for an item.
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  void put(int item) {
    const std::scoped_lock guard(lock_);
    not_full_.wait([&] { return items_.size() < capacity_; });
    items_.push_back(item);
    not_empty_.notify_one();
  }
  Item take_within(std::chrono::microseconds time) {
    const std::scoped_lock guard(lock_);
    if (!not_empty_.wait_for(time, [&] { return !items_.empty(); })) return std::nullopt;
    return take_first();
  }
  int take() {
    const std::scoped_lock guard(lock_);
    not_empty_.wait([&] { return !items_.empty(); });
    return take_first();
  }

 private:
  int take_first() {
    const int item = items_.front();
    items_.pop_front();
    not_full_.notify_one();
    return item;
  }

  const std::size_t capacity_;
  std::deque<int> items_;
  lockstep::RLock lock_;  // one for both conditions
  lockstep::Condition not_full_{lock_};
  lockstep::Condition not_empty_{lock_};
};

struct RecordedBoundedQueue {
  using Reference = SequentialDeque;
  BoundedQueue real{1};
  lockstep::check::History<Reference> history{std::size_t{1}};

  void put(int item) {
    history.call(
        called("put", item), [&] { real.put(item); },
        [item](Reference& deque) { return deque.put(item); });
  }
  void take() {
    history.call("take()", [&] { return Item(real.take()); }, &Reference::take_first);
  }
  void take_within_a_while() {
    history.call("take_within()", [&] { return real.take_within(brief); }, &Reference::take_first);
  }
};

struct ABoundedQueueIsFirstInFirstOut {
  static constexpr int threads = 2;
  RecordedBoundedQueue queue;

  void thread(int index) {
    for (int item = 1; item <= 2; ++item) {
      if (index == 0) {
        queue.put(item);
      } else {
        queue.take();
      }
    }
  }
};

struct ABoundedQueueIsFirstInFirstOutForThoseWhoWaitAWhile {
  static constexpr int threads = 2;
  RecordedBoundedQueue queue;

  void thread(int index) {
    if (index == 0) {
      queue.put(1);
    } else {
      queue.take_within_a_while();
    }
  }
};

struct RecordedMsQueue {
  using Reference = SequentialDeque;
  structures::MsQueue<> real;
  lockstep::check::History<Reference> history;

  void enqueue(int item) {
    history.call(
        called("enqueue", item), [&] { real.enqueue(item); },
        [item](Reference& deque) { return deque.put(item); });
  }
  void dequeue() {
    const auto got = [&] {
      const int item = real.dequeue();
      return item == 0 ? Item() : Item(item);
    };
    history.call("dequeue()", got, &Reference::take_first);
  }
};

struct AQueueWithoutLocksIsFirstInFirstOut {
  static constexpr int threads = 2;
  RecordedMsQueue queue;

  void thread(int index) {
    queue.enqueue(1 + index);
    queue.dequeue();
  }
  void finish() { queue.dequeue(); }
};

struct AQueueWithoutLocksIsFirstInFirstOutForThree {
  static constexpr int threads = 3;
  RecordedMsQueue queue;

  void thread(int index) {
    if (index == 0) {
      queue.enqueue(1);
      queue.enqueue(2);
    } else {
      queue.dequeue();
    }
  }
  void finish() { queue.dequeue(); }
};

struct RecordedTreiberStack {
  using Reference = SequentialDeque;
  structures::TreiberStack<> real;
  lockstep::check::History<Reference> history;

  void push(int node) {
    history.call(
        called("push", node), [&] { real.push(static_cast<std::uint32_t>(node)); },
        [node](Reference& deque) { return deque.put(node); });
  }
  Item pop() {
    const auto got = [&] {
      const auto node = real.pop();
      return node == structures::TreiberStack<>::none ? Item() : Item(static_cast<int>(node));
    };
    return history.call("pop()", got, &Reference::take_last);
  }
};

struct AStackWithoutLocksIsLastInFirstOut {
  static constexpr int threads = 2;
  RecordedTreiberStack stack;

  void thread(int index) {
    stack.push(index);
    stack.pop();
  }
  void finish() { stack.pop(); }
};

/// What was popped is pushed again, which another's pop may not mind.
struct AStackWithoutLocksIsLastInFirstOutThoughNodesComeBack {
  static constexpr int threads = 2;
  RecordedTreiberStack stack;

  AStackWithoutLocksIsLastInFirstOutThoughNodesComeBack() {
    stack.push(0);
    stack.push(1);
  }
  void thread(int index) {
    const Item popped = stack.pop();
    if (index != 0 || !popped) return;
    stack.pop();
    stack.push(*popped);
  }
  void finish() { stack.pop(); }
};

using QueueHistories =
    List<ABoundedQueueIsFirstInFirstOut, ABoundedQueueIsFirstInFirstOutForThoseWhoWaitAWhile,
         AQueueWithoutLocksIsFirstInFirstOut, AQueueWithoutLocksIsFirstInFirstOutForThree,
         AStackWithoutLocksIsLastInFirstOut, AStackWithoutLocksIsLastInFirstOutThoughNodesComeBack>;

}  // namespace scenarios
