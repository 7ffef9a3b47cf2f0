// lockstep/asio.hpp: the primitives in coroutines of Asio, and with any other completion token.
//
//   asio::awaitable<void> enter(lockstep::Lock& lock) {
//     auto guard = co_await lockstep::use_asio(lock.async_scoped());
//     ...
//   }
//
// asio::awaitable accepts nothing under `co_await` but Asio's own operations. use_asio makes one of any
// awaitable of the primitives. It needs no thread of Lockstep's: a wait goes on where its
// handler's executor says, and its deadline is a timer there.
//
// Works with standalone Asio and with Boost.Asio (asio/binding.hpp: which, and how to say so); not
// included by lockstep.hpp. Cancellation slots exist since Asio 1.19 (Boost 1.77). That clang compiles its
// coroutines, an Asio as old as 1.22 has to be told: ASIO_HAS_CO_AWAIT=1, ASIO_HAS_STD_COROUTINE=1 (or
// BOOST_ASIO_…).
//
// Checked by: tests/unit/asio_test.cpp, tests/unit/asio_shutdown_test.cpp
#pragma once

#include <type_traits>
#include <utility>

#include "lockstep/asio/binding.hpp"
#include "lockstep/asio/pending.hpp"
#include "lockstep/asio/service.hpp"
#include "lockstep/wait/await.hpp"

namespace lockstep {
inline namespace LOCKSTEP_OVER_ASIO {
namespace asio_waits {

/// Can Asio wait for it? It knows of no owners: an RLock is to be acquired for one that is named,
/// `async_acquire(owner)`, and a condition has to be one over a Lock.
template <class Operation>
concept NeedsNoOwner = !Operation::needs_owner;

struct Begin {
  template <class Handler, class Operation, class Bounds>
  void operator()(Handler&& handler, Operation&& operation, Bounds&& bounds) const {
    using Wait = Pending<std::decay_t<Handler>, std::decay_t<Operation>, std::decay_t<Bounds>>;
    std::decay_t<Handler> own_handler(std::forward<Handler>(handler));
    Wait::begin(std::move(own_handler), std::decay_t<Operation>(operation),
                std::decay_t<Bounds>(bounds));
  }
};

template <class Operation, class Bounds, class Token>
auto initiate(Operation operation, Bounds bounds, Token& token) {
  using Signature = typename Completion<typename Operation::Result>::Signature;
  return net::async_initiate<Token, Signature>(Begin(), token, std::move(operation),
                                               std::move(bounds));
}

template <class Token>
inline constexpr bool is_use_awaitable = false;
#if LOCKSTEP_ASIO_HAS_AWAITABLE
template <class Executor>
inline constexpr bool is_use_awaitable<net::use_awaitable_t<Executor>> = true;

/// What can be had at once is had without a turn through the executor.
template <class Operation, class Bounds, class Executor>
net::awaitable<typename Operation::Result, Executor> await(Operation operation, Bounds bounds,
                                                           net::use_awaitable_t<Executor> token) {
  const bool has_it = operation.try_now();
  if (has_it) co_return operation.finish_at_once();
  co_return co_await initiate(std::move(operation), std::move(bounds), token);
}
#endif

}  // namespace asio_waits

/// Waits for what `awaitable` waits for, as an asynchronous operation of Asio's. `awaitable` is what an
/// `async_` function of a primitive returned (of a Timer: async_join). The token may be any; the
/// completion signature is void(std::exception_ptr, R), or void(std::exception_ptr) if `co_await` of
/// the awaitable gives nothing.
///
/// - The handler is called through its associated executor, never inside this call or the call that
///   ends the wait. Without an executor of its own it is called on a thread of Asio's system_executor:
///   bind one.
/// - Durations count from the initiation: with lazy tokens that is the `co_await`.
/// - Cancelled through its slot (by any type) it completes with operation_aborted, and it is as if it had
///   never come. If it was granted before, it has it: the grant wins. A result that is then dropped, as
///   by `||`, is lost; that of async_scoped releases.
/// - If the execution context is destroyed, so is the handler, as always in Asio; the wait is withdrawn,
///   and what it was granted goes to the next.
/// - Allocates nothing once it is warm: through the handler's allocator, or in memory that the
///   execution context keeps. That Asio allocates when it posts from a thread which does not run the
///   context is Asio's affair.
/// - The primitive has to exist until the handler is called or destroyed.
/// - Thread-safe. A thread that releases to it terminates the process if Asio can allocate no memory
///   for the post.
template <asio_waits::NeedsNoOwner Operation, class Bounds, class Token>
  requires(!asio_waits::is_use_awaitable<std::decay_t<Token>>)
auto use_asio(wait::Await<Operation, Bounds>&& awaitable, Token&& token) {
  return asio_waits::initiate(awaitable.operation(), awaitable.bounds(), token);
}

#if LOCKSTEP_ASIO_HAS_AWAITABLE
/// The same in an asio::awaitable coroutine, which gets R, and exceptions as such. What is free is had
/// without suspending. `token` is needed only if the coroutine has an executor type of its own.
template <asio_waits::NeedsNoOwner Operation, class Bounds,
          class Executor = asio_waits::net::any_io_executor>
[[nodiscard]] auto use_asio(wait::Await<Operation, Bounds>&& awaitable,
                            asio_waits::net::use_awaitable_t<Executor> token =
                                asio_waits::net::use_awaitable_t<Executor>()) {
  return asio_waits::await(awaitable.operation(), awaitable.bounds(), token);
}
#endif

}  // namespace LOCKSTEP_OVER_ASIO
}  // namespace lockstep
