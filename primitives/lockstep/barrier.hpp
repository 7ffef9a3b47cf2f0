// lockstep/barrier.hpp: a number of parties wait for each other, round after round.
//
// State: the word of a wait queue (wait/queue.hpp), and what its guard protects
//   bit 0      broken     every wait fails until reset                      [break_up, reset]
//   bit 1      in action  all have arrived and one of them runs the action  [trip, conclude]
//   bit 2      void       but the round was broken or reset meanwhile       [dissolve, conclude]
//   bits 8-61  arrived    parties of the present round, also during its action
//   the queue             those that have arrived; during an action, newcomers, who are not counted
//                         until it has ended                                [conclude]
//   in_action_            those that have arrived and wait for the action to end
//
// A round is decided at one moment, under the guard: when its last party arrives or, if there is an
// action, when that has returned. Each party then has its index, whatever happens to the barrier
// afterwards, and nobody of a later round can be taken for one of this. A party that is neither
// granted nor withdrawn by then is refused: break_up and reset take everybody out. Once the last
// has arrived, deadlines and stop requests of the others no longer count.
//
// Orders: the guard's (queue.hpp 1, 2) carry what the parties did before they arrived to the last
// one, and so to the action; the wake (waiter.hpp 1, 2) carries that on to the others.
//
// Lifetime: the last party lets go of the guard before it wakes the others, and touches nothing of
// the barrier after that.
// Checked by: tests/unit/barrier_test.cpp, tests/scenarios/barrier.hpp
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "lockstep/callback.hpp"
#include "lockstep/error.hpp"
#include "lockstep/wait/async_wait.hpp"
#include "lockstep/wait/deadline.hpp"
#include "lockstep/wait/queue.hpp"
#include "lockstep/wait/ready.hpp"
#include "lockstep/wait/waitable.hpp"

namespace lockstep {

/// A reusable barrier, with the semantics of Python's threading.Barrier.
///
/// - Memory order: all that the parties did before they arrived happens before the action, and that
///   before any party returns.
/// - Lifetime: it may be destroyed by any party that returned from its last round, even if others
///   are still in that call, unless that call has a deadline or a stop token. It is neither copied
///   nor moved.
/// - In coroutines: async_wait, async_wait_for, async_wait_until, see wait::Waitable. Where the last
///   party is a coroutine, others that have no scheduler go on before it does; they must not destroy it.
class Barrier : public wait::Waitable<Barrier> {
 public:
  /// For rounds of `parties`. The last to arrive calls `action`, if there is one, before anybody is
  /// released. Throws std::invalid_argument if parties is 0.
  constexpr explicit Barrier(std::size_t parties, Callback action = {})
      : parties_(checked(parties)), action_(std::move(action)) {}

  /// The same, with a time that bounds each `wait` that names none.
  template <class Rep, class Period>
  constexpr Barrier(std::size_t parties, Callback action,
                    std::chrono::duration<Rep, Period> timeout)
      : parties_(checked(parties)),
        action_(std::move(action)),
        timeout_(wait::saturated_nanoseconds(timeout)) {}

  /// Blocks until `parties` have arrived and the action has returned. Returns this party's index in
  /// the round: 0 for the first to arrive … parties - 1 for the last. Throws BrokenBarrierError if
  /// the barrier is broken or becomes so, by abort, reset, a deadline that passed, or an action
  /// that threw; the party that ran the action throws what it threw. The action must not wait at
  /// its own barrier.
  std::size_t wait() { return *wait_before(default_deadline(), {}); }
  /// wait(), by the name that std::barrier has for it.
  std::size_t arrive_and_wait() { return wait(); }

  /// The same; if a stop is requested before the last party has arrived, returns nothing, and the
  /// barrier is as if the caller had not come.
  [[nodiscard]] std::optional<std::size_t> wait(const std::stop_token& stop) {
    return wait_before(default_deadline(), stop);
  }

  /// The same; breaks the barrier, for all, if the last party has not arrived after `duration` by
  /// the steady clock.
  template <class Rep, class Period>
  std::size_t wait_for(std::chrono::duration<Rep, Period> duration) {
    return *wait_before(wait::Deadline::after(duration), {});
  }

  /// The same, at `point` on its own clock.
  template <class Clock, class Duration>
  std::size_t wait_until(std::chrono::time_point<Clock, Duration> point) {
    return *wait_before(wait::Deadline::at(point), {});
  }

  /// Breaks the barrier: all that wait, and all that come, get BrokenBarrierError, until `reset`.
  /// Never blocks.
  void abort() noexcept {
    wait::WaitList refused;
    queue_.take_guard();
    break_up(refused);
    refused.wake_all(wait::Fate::refused);
  }

  /// Empties the barrier and makes it whole: those that wait get BrokenBarrierError. Never blocks,
  /// not for them to leave either.
  void reset() noexcept {
    wait::WaitList refused;
    queue_.take_guard();
    dissolve(refused, [](wait::Word seen) { return seen & ~broken_bit_; });
    refused.wake_all(wait::Fate::refused);
  }

  /// How many make a round.
  [[nodiscard]] constexpr std::size_t parties() const noexcept { return parties_; }

  /// How many have arrived in the present round, at this moment.
  [[nodiscard]] std::size_t n_waiting() const noexcept { return look() / one_party_; }

  /// Would a `wait` at this moment throw BrokenBarrierError?
  [[nodiscard]] bool broken() const noexcept { return (look() & broken_bit_) != 0; }

 private:
  friend wait::Waitable<Barrier>;

  static constexpr wait::Word broken_bit_ = 1;
  static constexpr wait::Word in_action_bit_ = 2;
  static constexpr wait::Word void_bit_ = 4;
  static constexpr wait::Word one_party_ = wait::Word{1} << 8;

  static constexpr std::size_t checked(std::size_t parties) {
    if (parties == 0) throw std::invalid_argument("Barrier: there must be at least one party");
    return parties;
  }

  // Everything but the queue's own bits changes under the guard only; without it this is a
  // snapshot.
  [[nodiscard]] wait::Word look() const noexcept {
    return wait::WaitQueue::own(queue_.word.load(std::memory_order_relaxed));
  }

  /// Waits without blocking.
  template <wait::Asked asked>
  class Waiting : public wait::OperationOnQueue<Waiting<asked>> {
   public:
    using Result = std::conditional_t<asked == wait::Asked::with_stop, std::optional<std::size_t>,
                                      std::size_t>;
    static constexpr wait::Fate expired = wait::Fate::refused;

    explicit Waiting(Barrier& barrier) noexcept : barrier_(&barrier) {}
    Waiting(const Waiting& not_begun) noexcept : barrier_(not_begun.barrier_) {}

    [[nodiscard]] wait::WaitQueue& queue() noexcept { return barrier_->queue_; }
    [[nodiscard]] bool try_now() noexcept { return false; }
    [[nodiscard]] wait::Fate queue_up(wait::Waiter& self) noexcept {
      return barrier_->arrive(self);
    }
    [[nodiscard]] bool expire(wait::Waiter& self) noexcept {
      return barrier_->expire(self, thrown_out_);
    }
    /// After this one, those that its deadline throws out: any of them may destroy it.
    void withdrawn(wait::Waiter& self, wait::Fate fate) noexcept {
      wait::WaitList others;
      others.append(thrown_out_);
      const wait::PutOff until_all_are_told;
      self.wake(fate);
      others.wake_all(wait::Fate::refused);
    }
    [[nodiscard]] bool remove(wait::Waiter& self) noexcept { return barrier_->remove(self); }
    Result finish_at_once() noexcept { return 0; }
    Result finish(wait::Fate fate, const wait::Waiter& self) {
      const std::optional<std::size_t> index = barrier_->leave(fate, self);
      if constexpr (asked == wait::Asked::with_stop) {
        return index;
      } else {
        return *index;
      }
    }
    void abandon(wait::Fate fate) noexcept {
      if (fate == wait::Fate::retry) barrier_->void_round();
    }

   private:
    Barrier* barrier_;
    wait::WaitList thrown_out_;  // by its deadline, and not told yet
  };

  /// What bounds a wait that names no time.
  struct DefaultTimeout {
    const Barrier* barrier;
    [[nodiscard]] wait::Deadline deadline() const noexcept { return barrier->default_deadline(); }
  };
  [[nodiscard]] auto default_end() const noexcept { return DefaultTimeout{this}; }

  [[nodiscard]] wait::Deadline default_deadline() const noexcept {
    return timeout_ == os::Instant::never_
               ? wait::Deadline::never()
               : wait::Deadline::after(std::chrono::nanoseconds(timeout_));
  }

  [[noreturn]] static void throw_broken() {
    throw BrokenBarrierError("Barrier::wait: the barrier is broken");
  }

  [[nodiscard]] std::optional<std::size_t> wait_before(wait::Deadline deadline,
                                                       const std::stop_token& stop) {
    wait::ThreadWaiter self(stop.stop_possible() ? nullptr : queue_.bell());
    wait::Fate fate = arrive(self);
    if (fate == wait::Fate::undecided) fate = sleep(self, deadline, stop);
    return leave(fate, self);
  }

  /// Queues `self`: undecided. Else it is decided: `granted` or `retry` for the last party, which
  /// has to run the action then; `refused` by a broken barrier.
  [[nodiscard]] wait::Fate arrive(wait::Waiter& self) noexcept {
    queue_.take_guard();
    const wait::Word seen = look();
    if ((seen & broken_bit_) != 0) {
      queue_.drop_guard();
      return wait::Fate::refused;
    }
    const bool newcomer = (seen & in_action_bit_) != 0;
    if (!newcomer && seen / one_party_ + 1 == parties_) {
      self.number = parties_ - 1;
      return trip();
    }
    self.weight = newcomer ? 0 : one_party_;
    queue_.push_back(self);
    queue_.drop_guard([weight = self.weight](wait::Word now) { return now + weight; });
    return wait::Fate::undecided;
  }

  /// Blocks. A deadline that comes breaks the barrier.
  [[nodiscard]] wait::Fate sleep(wait::ThreadWaiter& self, wait::Deadline& deadline,
                                 const std::stop_token& stop) noexcept {
    const wait::CancelOnStop on_stop(stop, queue_, self);
    const wait::Fate fate = self.spin_and_park(deadline);
    if (fate != wait::Fate::undecided) return fate;
    wait::WaitList others;
    if (!expire(self, others)) return self.park();
    others.wake_all(wait::Fate::refused);
    return wait::Fate::refused;
  }

  /// What comes of it, for the party itself.
  [[nodiscard]] std::optional<std::size_t> leave(wait::Fate fate, const wait::Waiter& self) {
    if (fate == wait::Fate::refused) throw_broken();
    if (fate == wait::Fate::cancelled) return std::nullopt;
    if (fate == wait::Fate::retry) run_action();
    return self.number;
  }

  /// The time of a party has come: true, and the barrier is broken for `others` too, who are to be
  /// told. False: its fate was decided.
  [[nodiscard]] bool expire(wait::Waiter& self, wait::WaitList& others) noexcept {
    queue_.take_guard();
    if (!queue_.is_undecided(self)) {
      queue_.drop_guard();
      return false;
    }
    queue_.erase(self);
    break_up(others);
    return true;
  }

  /// The coroutine of a party is being destroyed. One that waits for the action has arrived all the
  /// same: the round goes on without it. False: its fate was decided.
  [[nodiscard]] bool remove(wait::Waiter& self) noexcept {
    if (queue_.withdraw(self)) return true;
    queue_.take_guard();
    const bool waits_for_action = in_action_.contains(self);
    if (waits_for_action) in_action_.erase(self);
    queue_.drop_guard();
    return waits_for_action;
  }

  /// The last party has arrived; the guard is held.
  [[nodiscard]] wait::Fate trip() noexcept {
    wait::WaitList round;
    take_round(round);
    if (!action_) {
      queue_.drop_guard([](wait::Word) { return 0; });
      round.wake_all(wait::Fate::granted);
      return wait::Fate::granted;
    }
    in_action_.append(round);
    queue_.drop_guard([&](wait::Word) { return parties_ * one_party_ + in_action_bit_; });
    return wait::Fate::retry;
  }

  /// Takes all parties but the last out of the queue, each with its index.
  void take_round(wait::WaitList& round) noexcept {
    for (std::size_t index = 0; index + 1 < parties_; ++index) {
      wait::Waiter& party = queue_.pop_front();
      party.number = index;
      round.push_back(party);
    }
  }

  /// By the last party.
  void run_action() {
    try {
      action_();
    } catch (...) {
      void_round();
      throw;
    }
    if (!conclude()) throw_broken();
  }

  /// The action has not done its work.
  void void_round() noexcept {
    wait::WaitList refused;
    queue_.take_guard();
    break_up(refused, in_action_bit_ | void_bit_);
    refused.wake_all(wait::Fate::refused);
  }

  /// The action has returned. True: the round counts. Those who came meanwhile have now arrived for
  /// the next round, which may complete that too.
  [[nodiscard]] bool conclude() noexcept {
    wait::WaitList round;
    queue_.take_guard();
    const bool counts = (look() & void_bit_) == 0;
    round.append(in_action_);
    wait::Word arrived = count_newcomers();
    wait::Waiter* last = nullptr;
    if (arrived == parties_ * one_party_) {
      take_round(in_action_);
      last = &queue_.pop_front();
      last->number = parties_ - 1;
      arrived += in_action_bit_;
    }
    queue_.drop_guard([&](wait::Word seen) { return (seen & broken_bit_) + arrived; });
    const wait::PutOff until_all_are_told;
    round.wake_all(wait::Fate::granted);
    if (last != nullptr) last->wake(wait::Fate::retry);
    return counts;
  }

  /// With the guard: lets those who are queued have arrived, as far as a round goes.
  [[nodiscard]] wait::Word count_newcomers() noexcept {
    wait::WaitList all;
    queue_.pop_all(all);
    wait::Word arrived = 0;
    while (!all.empty()) {
      wait::Waiter& newcomer = all.pop_front();
      newcomer.weight = arrived < parties_ * one_party_ ? one_party_ : 0;
      arrived += newcomer.weight;
      queue_.push_back(newcomer);
    }
    return arrived;
  }

  /// With the guard, which it lets go: breaks the barrier for all, who are to be told, and clears the
  /// bits `cleared`.
  void break_up(wait::WaitList& refused, wait::Word cleared = 0) noexcept {
    dissolve(refused, [&](wait::Word seen) { return (seen | broken_bit_) & ~cleared; });
  }

  /// With the guard, which it lets go: changes the word, and takes everybody out, to be told.
  template <class Change>
  void dissolve(wait::WaitList& refused, Change change) noexcept {
    refused.append(in_action_);
    queue_.pop_all(refused);
    queue_.drop_guard([&](wait::Word seen) {
      if ((seen & in_action_bit_) != 0) seen |= void_bit_;
      return change(seen % one_party_);
    });
  }

  wait::WaitQueue queue_{0};
  std::size_t parties_;
  wait::WaitList in_action_;
  Callback action_;
  std::int64_t timeout_ = os::Instant::never_;
};

}  // namespace lockstep
