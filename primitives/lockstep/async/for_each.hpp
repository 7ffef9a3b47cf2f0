// lockstep/async/for_each.hpp: a loop over what an asynchronous generator yields.
//
// Checked by: tests/unit/async_generator_test.cpp
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include "lockstep/async/async_generator.hpp"
#include "lockstep/async/task.hpp"
#include "lockstep/async/timeout.hpp"

namespace lockstep {

namespace async {

template <class Returned>
concept IsAwaited = requires { typename AwaitResult<Returned>; };

template <class Yielded, class Values, class Visit>
Task<> visit_each(Values values, Visit visit) {
  using Returned = std::invoke_result_t<Visit&, Yielded&&>;
  for (;;) {
    auto value = co_await values.next();
    if (!value) co_return;
    bool goes_on = true;
    if constexpr (IsAwaited<Returned>) {
      if constexpr (std::is_void_v<AwaitResult<Returned>>) {
        co_await std::invoke(visit, std::forward<Yielded>(*value));
      } else {
        goes_on = co_await std::invoke(visit, std::forward<Yielded>(*value));
      }
    } else if constexpr (std::is_void_v<Returned>) {
      std::invoke(visit, std::forward<Yielded>(*value));
    } else {
      goes_on = std::invoke(visit, std::forward<Yielded>(*value));
    }
    if (!goes_on) co_return;
  }
}

}  // namespace async

/// `co_await` it: calls `visit` with one value after the other, as Python's `async for`; awaits what it returns, if that is
/// a Task or can be awaited otherwise. A bool that comes of it says whether to go on. What the generator or `visit`
/// throws comes out. Refers to `values`, which goes on later where this stopped.
template <class Yielded, class Visit>
[[nodiscard]] Task<> for_each(AsyncGenerator<Yielded>& values, Visit visit) {
  return async::visit_each<Yielded, AsyncGenerator<Yielded>&>(values, std::move(visit));
}

/// The same, and takes over `values`, which is destroyed when the loop has ended.
template <class Yielded, class Visit>
[[nodiscard]] Task<> for_each(AsyncGenerator<Yielded>&& values, Visit visit) {
  return async::visit_each<Yielded, AsyncGenerator<Yielded>>(std::move(values), std::move(visit));
}

}  // namespace lockstep
