// lockstep/async/gather.hpp: the results of several tasks, which run at the same time.
//
// A gathering is a future that is done when all its parts are, or when the first of them fails.
// Each part tells it (on whatever thread); the one that brings the number of those that are left to
// 0 collects the results. It has a reference to itself for each part that has not told yet.
//
// Cancelled or collected: whichever is said first (`end_`) is how it ends, and what cancel says.
//   open -> to_cancel  [cancel]
//   open -> collected  [collect; who finds to_cancel there lets it end cancelled]
// That needs no order: who collects looks at the parts, and has them by (1, 2).
//
// Orders
//   (1) release, part_ended  pairs with (2)
//   (2) acquire, part_ended  pairs with (1) of each part that ended before
//   Without them the one that collects would not see what the others gave.
//
// Checked by: tests/unit/gather_test.cpp, tests/scenarios/async.hpp
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "lockstep/async/completion.hpp"
#include "lockstep/async/event_loop.hpp"
#include "lockstep/async/future.hpp"
#include "lockstep/async/outcome.hpp"
#include "lockstep/async/task.hpp"
#include "lockstep/error.hpp"

namespace lockstep {

/// Says that gather is to give exceptions as it gives results.
struct ReturnExceptions {};
/// What to pass for that.
inline constexpr ReturnExceptions return_exceptions{};

namespace async {

/// Gathers what `Parts` holds; `Result` is what it gives.
template <class Result, class Parts>
class Gathering final : public FutureState<Result> {
 public:
  explicit Gathering(Parts parts, bool waits_for_all)
      : parts_(std::move(parts)),
        waits_for_all_(waits_for_all),
        count_(parts_.count()),
        left_(count_),
        ends_(std::make_unique<PartEnds[]>(count_)) {}

  /// To be called once: from now on the parts tell.
  void begin() noexcept {
    if (count_ == 0) return collect();
    const Ref<Gathering> keep(*this);
    for (std::size_t i = 0; i < count_; ++i) this->add_reference();
    for (std::size_t i = 0; i < count_; ++i) {
      ends_[i].gathering = this;
      ends_[i].index = i;
      parts_.completion(i).notify(ends_[i]);
    }
  }

  /// Cancels all parts. It is done when they are, and cancelled whatever they made of that; unless one
  /// failed before. False: it is done, or about to be, with what the parts gave.
  bool cancel() override {
    if (this->is_done()) return false;
    End seen = End::open;
    if (!end_.compare_exchange_strong(seen, End::to_cancel, std::memory_order_relaxed,
                                      std::memory_order_relaxed) &&
        seen == End::collected) {
      return false;
    }
    const Ref<Gathering> keep(*this);
    for (std::size_t i = 0; i < count_; ++i) static_cast<void>(parts_.completion(i).cancel());
    return true;
  }

 private:
  enum class End : std::uint8_t { open, to_cancel, collected };

  struct PartEnds final : DoneCallback {
    void on_done() noexcept override { gathering->part_ended(index); }
    void on_never() noexcept override { gathering->drop_reference(); }
    Gathering* gathering = nullptr;
    std::size_t index = 0;
  };

  void part_ended(std::size_t part) noexcept {
    const Ref<Gathering> keep = Ref<Gathering>::adopt(this);
    if (!waits_for_all_) {
      if (std::exception_ptr exception = parts_.exception(part)) this->fail(std::move(exception));
    }
    if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1) collect();  // (1, 2)
  }

  void collect() noexcept {
    if (end_.exchange(End::collected, std::memory_order_relaxed) == End::to_cancel) {
      FutureState<Result>::cancel();
    } else if (!this->is_done()) {
      try {
        this->succeed(parts_.collect());
      } catch (...) {
        this->fail(std::current_exception());
      }
    }
  }

  Parts parts_;
  bool waits_for_all_;
  std::size_t count_;
  std::atomic<std::size_t> left_;
  std::atomic<End> end_{End::open};
  std::unique_ptr<PartEnds[]> ends_;
};

template <class T>
using Gathered = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
Gathered<T> gathered(const ToCome<T>& part) {
  if constexpr (std::is_void_v<T>) {
    part.result();
    return {};
  } else {
    return part.result();
  }
}

template <class T>
Outcome<T> gathered_outcome(const ToCome<T>& part) noexcept {
  Outcome<T> outcome;
  try {
    if constexpr (std::is_void_v<T>) {
      part.result();
      outcome.emplace();
    } else {
      outcome.emplace(part.result());
    }
  } catch (...) {
    outcome.fail(std::current_exception());
  }
  return outcome;
}

/// Parts of different types.
template <bool as_outcomes, class... Ts>
class TupleOfParts {
 public:
  explicit TupleOfParts(ToCome<Ts>... parts) : parts_(std::move(parts)...) {}

  [[nodiscard]] std::size_t count() const noexcept { return sizeof...(Ts); }
  [[nodiscard]] Completion& completion(std::size_t index) const noexcept {
    return std::apply(
        [index](const auto&... each) -> Completion& {
          const std::array<Completion*, sizeof...(Ts)> all{&each.completion()...};
          return *all[index];
        },
        parts_);
  }
  [[nodiscard]] std::exception_ptr exception(std::size_t index) const noexcept {
    std::exception_ptr found;
    std::apply(
        [&found, left = index](const auto&... each) mutable {
          ((left-- == 0 ? void(found = each.outcome().exception()) : void()), ...);
        },
        parts_);
    return found;
  }
  [[nodiscard]] auto collect() {
    return std::apply(
        [](const auto&... each) {
          if constexpr (as_outcomes) {
            return std::tuple<Outcome<Ts>...>{gathered_outcome(each)...};
          } else {
            return std::tuple<Gathered<Ts>...>{gathered(each)...};
          }
        },
        parts_);
  }

 private:
  std::tuple<ToCome<Ts>...> parts_;
};

/// Parts of one type, as many as there are.
template <bool as_outcomes, class T>
class VectorOfParts {
 public:
  explicit VectorOfParts(std::vector<ToCome<T>> parts) noexcept : parts_(std::move(parts)) {}

  [[nodiscard]] std::size_t count() const noexcept { return parts_.size(); }
  [[nodiscard]] Completion& completion(std::size_t index) const noexcept {
    return parts_[index].completion();
  }
  [[nodiscard]] std::exception_ptr exception(std::size_t index) const noexcept {
    return parts_[index].outcome().exception();
  }
  [[nodiscard]] auto collect() {
    std::vector<std::conditional_t<as_outcomes, Outcome<T>, Gathered<T>>> all;
    all.reserve(parts_.size());
    for (const ToCome<T>& each : parts_) {
      if constexpr (as_outcomes) {
        all.push_back(gathered_outcome(each));
      } else {
        all.push_back(gathered(each));
      }
    }
    return all;
  }

 private:
  std::vector<ToCome<T>> parts_;
};

template <class Parts>
auto gather_parts(Parts parts, bool waits_for_all) {
  using Result = decltype(parts.collect());
  auto state = Ref<Gathering<Result, Parts>>::adopt(
      new Gathering<Result, Parts>(std::move(parts), waits_for_all));
  state->begin();
  return Future<Result>(std::move(state));
}

/// Sees to it that it runs.
template <class T>
ToCome<T> part(Task<T>& task) {
  task.start(EventLoop::running());
  return task.to_come();
}
template <class T>
ToCome<T> part(const Future<T>& future) {
  return future.to_come();
}
template <bool as_outcomes, class... Parts>
auto gather_each(Parts&... parts) {
  std::tuple to_come{part(parts)...};  // braces: they begin in this order
  return std::apply(
      []<class... Ts>(ToCome<Ts>&... each) {
        return gather_parts(TupleOfParts<as_outcomes, Ts...>(std::move(each)...), as_outcomes);
      },
      to_come);
}

template <bool as_outcomes, class T>
auto gather_vector(std::vector<Task<T>>& tasks) {
  std::vector<ToCome<T>> parts;
  parts.reserve(tasks.size());
  for (Task<T>& each : tasks) parts.push_back(part(each));
  return gather_parts(VectorOfParts<as_outcomes, T>(std::move(parts)), as_outcomes);
}

template <class Part>
concept Gatherable = requires(std::remove_cvref_t<Part>& it) { part(it); };

}  // namespace async

/// Runs tasks at the same time, as tasks of the loop that this thread runs: gives a Future of a
/// tuple of their results, in the order of the arguments (std::monostate for void). Tasks that have
/// not begun begin in the next pass. Futures may be among them. What is passed as lvalue can still
/// be used.
///
/// - The first exception (CancelledError too) is what comes of it, at once; the others go on.
/// - Cancelling it, or a task that awaits it, cancels all of them; when they have ended, it is
///   cancelled, even if they went on all the same.
/// - Throws Error if this thread runs no loop.
/// - A Future among them has to be done one day: if all who could do that are gone, its memory is never freed.
template <async::Gatherable... Parts>
[[nodiscard]] auto gather(Parts&&... parts) {
  return async::gather_each<false>(parts...);
}

/// The same, for any number of one type: gives a Future of a vector.
template <class T>
[[nodiscard]] auto gather(std::vector<Task<T>> tasks) {
  return async::gather_vector<false>(tasks);
}

/// The same, but waits for all, and gives an Outcome of each: a value or an exception.
template <async::Gatherable... Parts>
[[nodiscard]] auto gather(ReturnExceptions, Parts&&... parts) {
  return async::gather_each<true>(parts...);
}
/// The same, for any number of one type: gives a Future of a vector of Outcomes.
template <class T>
[[nodiscard]] auto gather(ReturnExceptions, std::vector<Task<T>> tasks) {
  return async::gather_vector<true>(tasks);
}

}  // namespace lockstep
