// tests/scenarios/asio_waits.hpp: what becomes of a wait on behalf of an Asio handler when a grant meets the end of
// its execution context, as programs small enough to explore.
//
// Over whichever Asio is installed. An io_context that has neither timers nor sockets asks nothing of the system but
// a mutex and a condition variable.
#pragma once

#include "lockstep/asio.hpp"

#if LOCKSTEP_BOOST_ASIO
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#else
#include <asio/bind_executor.hpp>
#include <asio/io_context.hpp>
#endif

#include <exception>
#include <optional>
#include <utility>

#include "lockstep/condition.hpp"
#include "lockstep/lock.hpp"
#include "scenario.hpp"

namespace scenarios {

namespace net = lockstep::asio_waits::net;

struct AGrantIsPostedToTheContextOfItsHandler {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  net::io_context context{1};
  Shared<int> data{0};
  Shared<int> seen{0};

  AGrantIsPostedToTheContextOfItsHandler() {
    lock.acquire();
    lockstep::use_asio(lock.async_acquire(),
                       net::bind_executor(context, [this](std::exception_ptr) { seen = data; }));
  }
  void thread(int index) {
    if (index == 0) {
      context.run();
    } else {
      data = 1;
      lock.release();
    }
  }
  void finish() { require(seen == 1 && lock.locked()); }
};

/// The handler is not called, and the lock does not stay with it.
struct AGrantThatMeetsTheEndOfItsContextIsNotLost {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  std::optional<net::io_context> context{std::in_place, 1};

  AGrantThatMeetsTheEndOfItsContextIsNotLost() {
    lock.acquire();
    lockstep::use_asio(lock.async_acquire(),
                       net::bind_executor(*context, [](std::exception_ptr) { require(false); }));
  }
  void thread(int index) {
    if (index == 0) {
      context.reset();
    } else {
      lock.release();
    }
  }
  void finish() { require(!lock.locked()); }
};

/// Whoever ends the context waits until all who post to it have done.
struct AContextEndsWhenTwoThreadsHavePostedToIt {
  static constexpr int threads = 2;
  lockstep::Lock locks[threads];
  std::optional<net::io_context> context{std::in_place, 1};

  AContextEndsWhenTwoThreadsHavePostedToIt() {
    for (lockstep::Lock& lock : locks) {
      lock.acquire();
      lockstep::use_asio(lock.async_acquire(),
                         net::bind_executor(*context, [](std::exception_ptr) { require(false); }));
    }
  }
  void thread(int index) { locks[index].release(); }
  void finish() {
    context.reset();
    require(!locks[0].locked() && !locks[1].locked());
  }
};

struct AMistakeOfTheCallerReachesItsHandler {
  static constexpr int threads = 1;
  lockstep::Lock lock;
  lockstep::BasicCondition<lockstep::Lock> condition{lock};
  net::io_context context{1};
  Shared<bool> told{false};

  void thread(int) {
    lockstep::use_asio(condition.async_wait(),
                       net::bind_executor(context, [this](std::exception_ptr mistake) {
                         told = mistake != nullptr;
                       }));
    context.run();
  }
  void finish() { require(told); }
};

using AsioScenarios =
    List<AContextEndsWhenTwoThreadsHavePostedToIt, AMistakeOfTheCallerReachesItsHandler,
         AGrantIsPostedToTheContextOfItsHandler, AGrantThatMeetsTheEndOfItsContextIsNotLost>;

}  // namespace scenarios
