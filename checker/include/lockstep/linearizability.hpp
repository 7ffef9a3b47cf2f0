// lockstep/linearizability.hpp: does a concurrent object do what a sequential one would?
//
//   struct SequentialStack {               // what the object would be if calls came one after another
//     std::vector<int> items;
//     void push(int item) { items.push_back(item); }
//     bool pop(std::optional<int> got) {   // may pop() return this now? If so, does it
//       if (items.empty()) return !got;
//       if (got != items.back()) return false;
//       items.pop_back();
//       return true;
//     }
//     bool operator==(const SequentialStack&) const = default;
//   };
//
//   lockstep::check::explore([] {
//     Stack stack;
//     History<SequentialStack> history;
//     std::thread other([&] {
//       history.call("push(1)", [&] { stack.push(1); }, [](SequentialStack& s) { s.push(1); });
//     });
//     history.call("pop()", [&] { return stack.pop(); }, &SequentialStack::pop);
//     other.join();
//   });
//
// At the end of each complete execution the checker looks for an order of the operations in which the
// reference object, beginning as it was made, allows each the result that it had: a linearization (Herlihy and
// Wing, TOPLAS 1990). If there is none, the execution is wrong (Wrong::not_linearizable). The order must keep
// real time: what returned before another was called stays before it. There is no clock in a weak memory model;
// "before" is happens-before, from the return to the call, which is what the program itself could know
// (as in Raad et al., "On library correctness under weak memory consistency", POPL 2019).
//
// Recording is no event, orders nothing, is no access that could race, and allocates nothing in the
// execution: there are as many executions as without. Only a loop that records in each of its rounds is
// not taken for one that waits, and is explored up to Options::max_events.
#pragma once

#include "lockstep/check/requirements.hpp"

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "lockstep/check/history.hpp"

namespace lockstep::check {

/// A type whose objects can be a reference: the checker tries steps on copies of it, and compares states.
/// If it can be written to a std::ostream, reports show its states.
template <class T>
concept SequentialReference = std::copy_constructible<T> && std::equality_comparable<T>;

/// What an operation does to the reference object, at once. Returns false if it cannot happen in this state with
/// this result; what it changed is then forgotten. Returning nothing, it always can. It is given the
/// reference and, if it asks for one, the operation's result. It is copied, and runs when the execution is
/// over: what it knows beside its arguments it owns. It looks at nothing but that, does not throw,
/// and is the checker's doing, not the program's: its accesses are not seen.
template <class S, class Reference, class... Result>
concept SequentialStep =
    std::copy_constructible<S> && (std::invocable<const S&, Reference&> ||
                                   std::invocable<const S&, Reference&, const Result&...>);

namespace history {

template <class Value>
std::string text_of(const Value& value) {
  if constexpr (std::same_as<Value, bool>) {
    return value ? "true" : "false";
  } else if constexpr (requires { value.has_value() ? *value : *value; }) {
    return value.has_value() ? text_of(*value) : "nothing";
  } else if constexpr (requires(std::ostream& out) { out << value; }) {
    std::ostringstream text;
    text << value;
    return std::move(text).str();
  } else {
    return {};
  }
}

template <SequentialReference Reference>
class TypedReference final : public AnyReference {
 public:
  template <class... Arguments>
  explicit TypedReference(std::in_place_t, const Arguments&... arguments) : it(arguments...) {}

  [[nodiscard]] std::unique_ptr<AnyReference> copy() const override {
    return std::make_unique<TypedReference>(std::in_place, it);
  }
  [[nodiscard]] bool is_equal_to(const AnyReference& other) const override {
    return it == static_cast<const TypedReference&>(other).it;
  }
  [[nodiscard]] std::string text() const override { return text_of(it); }

  Reference it;
};

template <class Reference, class S, class... Arguments>
bool do_step(const S& step, Reference& reference, const Arguments&... arguments) {
  if constexpr (std::is_void_v<std::invoke_result_t<const S&, Reference&, const Arguments&...>>) {
    std::invoke(step, reference, arguments...);
    return true;
  } else {
    return static_cast<bool>(std::invoke(step, reference, arguments...));
  }
}

/// A step without its types, which keeps the result that it is about.
template <class Reference, class S, class... Result>
Step step_of(const S& step, const Result&... result) {
  if constexpr (std::invocable<const S&, Reference&>) {
    return [step](AnyReference& any) {
      return do_step(step, static_cast<TypedReference<Reference>&>(any).it);
    };
  } else {
    return [step, result...](AnyReference& any) {
      return do_step(step, static_cast<TypedReference<Reference>&>(any).it, result...);
    };
  }
}

}  // namespace history

/// An operation that was called and has not returned. Where it returns, say so. Destroyed before that, it was
/// withdrawn: by an exception, say, or with the coroutine that waited; then it must have had no effect, and is
/// left out. If neither comes, because its thread waits in it when the program ends, it is left out as well.
/// It may return on another thread than it was called on.
template <SequentialReference Reference>
class Operation {
 public:
  /// For histories.
  explicit Operation(history::Performed* performed) noexcept : performed_(performed) {}
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  ~Operation() {
    if (performed_ != nullptr) history::withdraw(*performed_);
  }

  /// It returned, without a result. It had its effect in these steps, in this order, each at some moment
  /// between the call and now: most operations have one. With none it only has a place in real time.
  template <SequentialStep<Reference>... Steps>
  void returned(const Steps&... steps) {
    respond([&](history::Response& response) {
      (response.steps.push_back(history::step_of<Reference>(steps)), ...);
    });
  }

  /// It returned this, which is copied.
  template <std::copy_constructible Result, SequentialStep<Reference, Result>... Steps>
  void returned_with(const Result& result, const Steps&... steps) {
    respond([&](history::Response& response) {
      if (response.is_reported) response.result = history::text_of(result);
      (response.steps.push_back(history::step_of<Reference>(steps, result)), ...);
    });
  }

 private:
  template <class Describe>
  void respond(const Describe& describe) {
    if (performed_ == nullptr) return;
    history::respond(*std::exchange(performed_, nullptr),
                     history::Native<history::Response>(describe));
  }

  history::Performed* performed_;
};

/// The operations on one object, in each execution anew, and the reference that they are compared with. Made
/// before those who record in it begin; they may record at the same time. Destroyed whenever nobody records any
/// more. Outside an exploration it does nothing but call.
template <SequentialReference Reference>
class History {
 public:
  /// The reference begins as Reference(arguments...).
  template <class... Arguments>
    requires std::constructible_from<history::TypedReference<Reference>, std::in_place_t,
                                     const Arguments&...>
  explicit History(const Arguments&... arguments) {
    const auto make = [&](std::unique_ptr<history::AnyReference>& reference) {
      reference = std::make_unique<history::TypedReference<Reference>>(std::in_place, arguments...);
    };
    recorded_ = history::open(history::Native<std::unique_ptr<history::AnyReference>>(make));
  }
  History(const History&) = delete;
  History& operator=(const History&) = delete;
  ~History() { history::close(recorded_); }

  /// Calls `real`, which does the operation, and returns what that does. The steps are those of
  /// Operation::returned and returned_with. `name` is for the report: "push(1)". If `real` throws, the
  /// operation must have had no effect: an exception that says what happened is better made a result.
  template <std::invocable Real, class... Steps>
  std::invoke_result_t<Real> call(std::string_view name, Real&& real, const Steps&... steps) {
    Operation<Reference> operation = invoke(name);
    if constexpr (std::is_void_v<std::invoke_result_t<Real>>) {
      std::invoke(std::forward<Real>(real));
      operation.returned(steps...);
    } else {
      std::invoke_result_t<Real> result = std::invoke(std::forward<Real>(real));
      operation.returned_with(result, steps...);
      return result;
    }
  }

  /// For what `call` cannot wrap, such as a co_await. The operation is called now.
  [[nodiscard]] Operation<Reference> invoke(std::string_view name) {
    return Operation<Reference>(history::invoke(*recorded_, name));
  }

 private:
  history::Recorded* recorded_;
};

}  // namespace lockstep::check
