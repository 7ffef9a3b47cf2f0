// lockstep/wait/alarm_heap.hpp: alarms by the time they are due, without allocation.
//
// A pairing heap (Fredman, Sedgewick, Sleator, Tarjan, "The pairing heap: a new form of
// self-adjusting heap", 1986): insert O(1), pop and erase O(log n) amortised. The links are in the
// alarms, so a million of them cost nothing beside. Invariant: no alarm is due before the one it is
// below.
#pragma once

#include <cstdint>

namespace lockstep::wait {

/// Something to be done at a time. It lives in what it belongs to, and must stay where it is while
/// it is pending.
class Alarm {
 public:
  constexpr explicit Alarm(void (*ring)(Alarm&) noexcept) noexcept : ring_(ring) {}
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  /// When it is due, in nanoseconds of the steady clock.
  [[nodiscard]] std::int64_t due() const noexcept { return due_; }

  /// Is it in the heap?
  [[nodiscard]] bool is_pending() const noexcept { return pending_; }

  /// For a clock that forgets its alarms at times: since when it has this one.
  [[nodiscard]] std::uint32_t epoch() const noexcept { return epoch_; }
  void set_epoch(std::uint32_t epoch) noexcept { epoch_ = epoch; }

  /// Does what there is to do. The alarm may be gone when this returns.
  void ring() noexcept { ring_(*this); }

 private:
  friend class AlarmHeap;

  Alarm* child_ = nullptr;     // the first of those below it
  Alarm* next_ = nullptr;      // the next below the same
  Alarm* previous_ = nullptr;  // the one before below the same; of the first, the one above
  std::int64_t due_ = 0;
  void (*ring_)(Alarm&) noexcept;
  bool pending_ = false;
  std::uint32_t epoch_ = 0;
};

class AlarmHeap {
 public:
  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }

  /// The one that is due first. There must be one.
  [[nodiscard]] Alarm& first() const noexcept { return *first_; }

  void insert(Alarm& alarm, std::int64_t due) noexcept {
    alarm.due_ = due;
    alarm.pending_ = true;
    alarm.child_ = alarm.next_ = alarm.previous_ = nullptr;
    first_ = first_ == nullptr ? &alarm : merged(first_, &alarm);
  }

  /// Takes out an alarm that is in the heap.
  void erase(Alarm& alarm) noexcept {
    alarm.pending_ = false;
    Alarm* const below = merged_list(alarm.child_);
    if (&alarm == first_) {
      first_ = below;
      return;
    }
    if (alarm.previous_->child_ == &alarm) {
      alarm.previous_->child_ = alarm.next_;
    } else {
      alarm.previous_->next_ = alarm.next_;
    }
    if (alarm.next_ != nullptr) alarm.next_->previous_ = alarm.previous_;
    if (below != nullptr) first_ = merged(first_, below);
  }

 private:
  /// Two heaps made one.
  static Alarm* merged(Alarm* a, Alarm* b) noexcept {
    if (b->due_ < a->due_) {
      Alarm* const c = a;
      a = b;
      b = c;
    }
    b->next_ = a->child_;
    if (b->next_ != nullptr) b->next_->previous_ = b;
    b->previous_ = a;
    a->child_ = b;
    return a;
  }

  /// A list of siblings made one heap: in pairs from left to right, then the pairs from right to
  /// left.
  static Alarm* merged_list(Alarm* first) noexcept {
    Alarm* pairs = nullptr;
    while (first != nullptr) {
      Alarm* pair = first;
      Alarm* const second = first->next_;
      first = second == nullptr ? nullptr : second->next_;
      pair->next_ = nullptr;
      if (second != nullptr) {
        second->next_ = nullptr;
        pair = merged(pair, second);
      }
      pair->next_ = pairs;
      pairs = pair;
    }
    Alarm* all = nullptr;
    while (pairs != nullptr) {
      Alarm* const pair = pairs;
      pairs = pairs->next_;
      pair->next_ = nullptr;
      all = all == nullptr ? pair : merged(all, pair);
    }
    if (all != nullptr) all->previous_ = nullptr;
    return all;
  }

  Alarm* first_ = nullptr;
};

}  // namespace lockstep::wait
