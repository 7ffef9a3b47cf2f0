// lockstep/asio/binding.hpp: which Asio: the standalone one, or Boost's.
//
// LOCKSTEP_BOOST_ASIO defined as 1 means Boost.Asio, as 0 the standalone one. Without it: the one that
// was included before this, else the one that is installed, and of two the standalone one. What is
// built on one is in another (inline) namespace than what is built on the other, so a program may have
// translation units of both kinds.
#pragma once

#if !defined(LOCKSTEP_BOOST_ASIO)
#if defined(ASIO_VERSION)
#define LOCKSTEP_BOOST_ASIO 0
#elif defined(BOOST_ASIO_VERSION)
#define LOCKSTEP_BOOST_ASIO 1
#elif __has_include(<asio/version.hpp>)
#define LOCKSTEP_BOOST_ASIO 0
#else
#define LOCKSTEP_BOOST_ASIO 1
#endif
#endif

#if LOCKSTEP_BOOST_ASIO

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/version.hpp>
#include <boost/system/system_error.hpp>
#define LOCKSTEP_ASIO_HAS_SLOTS (BOOST_ASIO_VERSION >= 101900)
#if defined(BOOST_ASIO_HAS_CO_AWAIT)
#define LOCKSTEP_ASIO_HAS_AWAITABLE 1
#endif
#if LOCKSTEP_ASIO_HAS_SLOTS
#include <boost/asio/associated_cancellation_slot.hpp>
#endif
namespace lockstep {
inline namespace over_boost_asio {
namespace asio_waits {
namespace net = ::boost::asio;
using NetError = ::boost::system::error_code;
using NetSystemError = ::boost::system::system_error;
}  // namespace asio_waits
}  // namespace over_boost_asio
}  // namespace lockstep
#define LOCKSTEP_OVER_ASIO over_boost_asio

#else

#include <asio/any_io_executor.hpp>
#include <asio/associated_allocator.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/basic_waitable_timer.hpp>
#include <asio/error.hpp>
#include <asio/error_code.hpp>
#include <asio/execution.hpp>
#include <asio/execution_context.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <asio/system_error.hpp>
#include <asio/system_executor.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/version.hpp>
#define LOCKSTEP_ASIO_HAS_SLOTS (ASIO_VERSION >= 101900)
#if defined(ASIO_HAS_CO_AWAIT)
#define LOCKSTEP_ASIO_HAS_AWAITABLE 1
#endif
#if LOCKSTEP_ASIO_HAS_SLOTS
#include <asio/associated_cancellation_slot.hpp>
#endif
namespace lockstep {
inline namespace over_standalone_asio {
namespace asio_waits {
namespace net = ::asio;
using NetError = ::asio::error_code;
using NetSystemError = ::asio::system_error;
}  // namespace asio_waits
}  // namespace over_standalone_asio
}  // namespace lockstep
#define LOCKSTEP_OVER_ASIO over_standalone_asio

#endif
