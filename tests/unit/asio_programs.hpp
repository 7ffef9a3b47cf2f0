// tests/unit/asio_programs.hpp: what tests of lockstep/asio.hpp start with, over either Asio.
#pragma once

#include "lockstep/asio.hpp"

#if LOCKSTEP_BOOST_ASIO
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#else
#include <asio/bind_executor.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/strand.hpp>
#include <asio/this_coro.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>
#if LOCKSTEP_ASIO_HAS_SLOTS
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#endif
#endif

#include <exception>
#include <utility>

#include "lockstep/lockstep.hpp"

namespace lockstep::test {

namespace net = asio_waits::net;
using SystemError = asio_waits::NetSystemError;

inline void rethrow(std::exception_ptr error) {
  if (error) std::rethrow_exception(error);
}

/// Starts a coroutine; what it throws comes out of the context's run().
template <class Executor, class Coroutine>
void start(Executor&& executor, Coroutine coroutine) {
  net::co_spawn(std::forward<Executor>(executor), std::move(coroutine), rethrow);
}

/// Lets the coroutine go round through its executor.
inline net::awaitable<void> turn() {
  const auto executor = co_await net::this_coro::executor;
  co_await net::post(executor, net::use_awaitable);
}

}  // namespace lockstep::test
