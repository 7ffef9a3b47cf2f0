// lockstep/async/async_with.hpp: a scope whose beginning and end have to wait. A destructor cannot:
// hence this, in place of Python's `async with`.
//
// Checked by: tests/unit/async_with_test.cpp
#pragma once

#include <exception>
#include <type_traits>
#include <utility>

#include "lockstep/async/outcome.hpp"
#include "lockstep/async/task.hpp"
#include "lockstep/async/timeout.hpp"

namespace lockstep {

namespace async {

template <class Context>
using Entered = AwaitResult<decltype(std::declval<Context&>().enter())>;

/// Is the body called with what `enter` gave?
template <class Body, class Entered>
inline constexpr bool takes_entered = std::is_invocable_v<Body&, Entered>;
template <class Body>
inline constexpr bool takes_entered<Body, void> = false;

template <class Context, class Body>
auto body_of(Body& body) {
  if constexpr (takes_entered<Body, Entered<Context>>) {
    return std::type_identity<decltype(body(std::declval<Entered<Context>>()))>();
  } else {
    return std::type_identity<decltype(body())>();
  }
}
template <class Context, class Body>
using BodyResult = AwaitResult<typename decltype(body_of<Context>(std::declval<Body&>()))::type>;

/// Enters, and runs the body.
template <class Context, class Body>
Task<BodyResult<Context, Body>> enter_and_run(Context& context, Body& body, bool& entered) {
  if constexpr (takes_entered<Body, Entered<Context>>) {
    decltype(auto) given = co_await context.enter();
    entered = true;
    co_return co_await body(std::forward<decltype(given)>(given));
  } else {
    static_cast<void>(co_await context.enter());
    entered = true;
    co_return co_await body();
  }
}

template <class Context, class Body>
Task<BodyResult<Context, Body>> scope(Context context, Body body) {
  Outcome<BodyResult<Context, Body>> outcome;
  bool entered = false;
  try {
    if constexpr (std::is_void_v<BodyResult<Context, Body>>) {
      co_await enter_and_run(context, body, entered);
      outcome.emplace();
    } else {
      outcome.emplace(co_await enter_and_run(context, body, entered));
    }
  } catch (...) {
    outcome.fail(std::current_exception());
  }
  if (entered) {
    static_cast<void>(co_await context.exit());
  }
  co_return std::move(outcome).value();
}

}  // namespace async

/// `co_await` it: enters `context` (`co_await context.enter()`), runs `body` (`co_await
/// body(entered)`, with what that gave, or without arguments if it takes none), leaves the context
/// (`co_await context.exit()`), also when the body throws or is cancelled; gives what the body
/// gave, or throws what it threw. If `enter` throws there is nothing to leave; what `exit` throws
/// comes instead of the rest. An lvalue context is referred to, an rvalue kept.
template <class Context, class Body>
[[nodiscard]] auto async_with(Context&& context, Body&& body) {
  return async::scope<Context, std::decay_t<Body>>(std::forward<Context>(context),
                                                   std::forward<Body>(body));
}

}  // namespace lockstep
