// tests/scenarios/loop.hpp: what an event loop promises to other threads, and a sleeping coroutine to those
// who end its sleep, as programs small enough to explore.
#pragma once

#include <optional>
#include <stop_token>
#include <thread>

#include "coroutine.hpp"
#include "lockstep/async/event_loop.hpp"
#include "lockstep/async/loop.hpp"
#include "lockstep/async/sleep.hpp"
#include "lockstep/async/task.hpp"
#include "lockstep/error.hpp"
#include "lockstep/event.hpp"
#include "lockstep/lock.hpp"
#include "scenario.hpp"

namespace scenarios {

struct ACallFromAnotherThreadWakesTheLoop {
  static constexpr int threads = 2;
  lockstep::EventLoop loop;
  Shared<int> data{0};
  Shared<int> seen{0};

  void thread(int index) {
    if (index == 0) {
      loop.run_forever();
    } else {
      data = 1;
      loop.call_soon([this] {
        seen = data;
        loop.stop();
      });
    }
  }
  void finish() { require(seen == 1); }
};

struct AStopFromAnotherThreadWakesTheLoop {
  static constexpr int threads = 2;
  lockstep::EventLoop loop;

  void thread(int index) { index == 0 ? loop.run_forever() : loop.stop(); }
  void finish() { require(!loop.is_running()); }
};

struct WhatTwoThreadsAskOfALoopIsDone {
  static constexpr int threads = 3;
  lockstep::EventLoop loop;
  Shared<int> calls{0};

  void thread(int index) {
    if (index == 0) {
      loop.run_forever();
    } else {
      loop.call_soon([this] {
        if (++calls == 2) loop.stop();
      });
    }
  }
  void finish() { require(calls == 2); }
};

/// Both run the same loop, each for a call of its own. One that comes while the other runs it is refused, and has
/// its call made by that one, or never.
struct ALoopIsRunByOneThreadAtATime {
  static constexpr int threads = 2;
  struct Loop : lockstep::async::Loop {
    using lockstep::async::Loop::run_until;
  };
  Loop loop;
  Shared<int> calls{0};
  lockstep::Event called[threads];
  Shared<bool> refused[threads]{};

  void thread(int index) {
    loop.call_soon([this, index] {
      ++calls;
      called[index].set();
    });
    try {
      require(loop.run_until(called[index]));
    } catch (const lockstep::Error&) {
      refused[index] = true;
    }
  }
  void finish() {
    require(!(refused[0] && refused[1]));
    require(calls == 2 || (calls == 1 && (refused[0] || refused[1])));
  }
};

struct AThreadWakesATaskOnItsLoop {
  static constexpr int threads = 2;
  lockstep::Event ready;
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      const int seen = lockstep::run(wait(*this));
      require(seen == 1);
    } else {
      data = 1;
      ready.set();
    }
  }
  static lockstep::Task<int> wait(AThreadWakesATaskOnItsLoop& self) {
    co_await self.ready.async_wait();
    co_return self.data;
  }
};

/// A task that waits for what will not come.
struct ATaskThatIsCancelledByAnotherThreadEnds {
  static constexpr int threads = 2;
  lockstep::Event never;
  lockstep::EventLoop loop;
  lockstep::async::Loop::KeptByThisThread kept{loop};
  lockstep::Task<> task = loop.create_task(wait(*this));

  static lockstep::Task<> wait(ATaskThatIsCancelledByAnotherThreadEnds& self) {
    co_await self.never.async_wait();
  }
  void thread(int index) {
    if (index == 0) {
      loop.run_until_done(task);
    } else {
      require(task.cancel());
    }
  }
  void finish() { require(task.cancelled()); }
};

/// The thread that kept the loop is done with it; then whoever cancels does so in the task itself.
struct ATaskCanBeCancelledWhenItsLoopDoesNotRunAnyMore {
  static constexpr int threads = 2;
  lockstep::Event never;
  lockstep::EventLoop loop;
  std::optional<lockstep::async::Loop::KeptByThisThread> kept;
  lockstep::Task<> task;

  ATaskCanBeCancelledWhenItsLoopDoesNotRunAnyMore() {
    kept.emplace(loop);
    task = loop.create_task(wait(*this));
    loop.stop();
  }
  static lockstep::Task<> wait(ATaskCanBeCancelledWhenItsLoopDoesNotRunAnyMore& self) {
    co_await self.never.async_wait();
  }
  void thread(int index) {
    if (index == 0) {
      loop.run_forever();
      kept.reset();
    } else {
      require(task.cancel());
    }
  }
  void finish() {
    loop.run_until_done(task);
    require(task.cancelled());
  }
};

/// The loop ends while another thread gives the lock to one of its tasks.
struct AGrantToATaskWhoseLoopEndsIsNotLost {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  std::optional<lockstep::EventLoop> loop{std::in_place};
  lockstep::Task<> task;

  AGrantToATaskWhoseLoopEndsIsNotLost() {
    lock.acquire();
    task = loop->create_task(acquire(*this));
    loop->stop();
    loop->run_forever();
  }
  static lockstep::Task<> acquire(AGrantToATaskWhoseLoopEndsIsNotLost& self) {
    co_await self.lock.async_acquire();
  }
  void thread(int index) { index == 0 ? loop.reset() : lock.release(); }
  void finish() { require(!lock.locked() && task.cancelled()); }
};

/// The loop need not have run out of work for that.
struct WhatAnotherThreadAskedForComesInTheNextPass {
  static constexpr int threads = 1;
  lockstep::EventLoop loop;
  Shared<int> order{0};

  WhatAnotherThreadAskedForComesInTheNextPass() {
    loop.call_soon([this] {
      std::thread([this] { loop.call_soon([this] { order = 1; }); }).join();
      loop.call_soon([this] {
        loop.call_soon([this] {
          require(order == 1);
          loop.stop();
        });
      });
    });
  }
  void thread(int) { loop.run_forever(); }
};

struct ALoopThatIsKeptNoMoreRunsElsewhere {
  static constexpr int threads = 1;
  lockstep::EventLoop loop;

  void thread(int) {
    {
      const lockstep::async::Loop::KeptByThisThread kept(loop);
    }
    std::thread([this] {
      loop.stop();
      loop.run_forever();
    }).join();
  }
  void finish() { require(!loop.is_running()); }
};

struct ACallLaterComesInItsTime {
  static constexpr int threads = 1;
  lockstep::EventLoop loop;
  Shared<bool> called{false};

  void thread(int) {
    loop.call_later(brief, [this] {
      called = true;
      loop.stop();
    });
    loop.run_forever();
  }
  void finish() { require(called); }
};

struct ATaskThatYieldsGoesOn {
  static constexpr int threads = 1;
  lockstep::EventLoop loop;

  static lockstep::Task<int> yield() {
    co_await lockstep::sleep_for(std::chrono::seconds(0));
    co_return 1;
  }
  void thread(int) { require(loop.run_until_complete(yield()) == 1); }
};

/// A coroutine whose deadlines are rung by the clock of the scenario, and whose end is wished by its stop source.
struct Stoppable {
  struct promise_type : LeavesAtItsEnd {
    template <class Scenario>
    explicit promise_type(Scenario& scenario) noexcept
        : clock(&scenario.clock), stop(scenario.stop.get_token()) {}
    Stoppable get_return_object() noexcept { return {}; }
    lockstep::wait::Context context() noexcept { return {offer, this}; }

    RungByHand* clock;
    std::stop_token stop;
    static std::stop_token stop_of(void* promise) noexcept {
      return static_cast<promise_type*>(promise)->stop;
    }
    static lockstep::wait::AlarmClock* clock_of(void* promise) noexcept {
      return static_cast<promise_type*>(promise)->clock;
    }
    static constexpr lockstep::wait::Offer offer{.stop_token = &promise_type::stop_of,
                                                 .alarm_clock = &promise_type::clock_of};
  };
};

struct ASleepEndsOnceByItsTimeOrByAStopRequest {
  static constexpr int threads = 2;
  RungByHand clock;
  std::stop_source stop;
  Shared<int> ends{0};

  ASleepEndsOnceByItsTimeOrByAStopRequest() { sleep(*this); }
  static Stoppable sleep(ASleepEndsOnceByItsTimeOrByAStopRequest& self) {
    try {
      co_await lockstep::sleep_for(brief);
    } catch (const lockstep::CancelledError&) {
    }
    ++self.ends;
  }
  void thread(int index) {
    if (index == 0) {
      clock.ring_after(brief);
    } else {
      stop.request_stop();
    }
  }
  void finish() { require(ends == 1); }
};

using LoopScenarios =
    List<ACallFromAnotherThreadWakesTheLoop, AStopFromAnotherThreadWakesTheLoop,
         WhatTwoThreadsAskOfALoopIsDone, ALoopIsRunByOneThreadAtATime, AThreadWakesATaskOnItsLoop,
         ATaskThatIsCancelledByAnotherThreadEnds, ATaskCanBeCancelledWhenItsLoopDoesNotRunAnyMore,
         AGrantToATaskWhoseLoopEndsIsNotLost, WhatAnotherThreadAskedForComesInTheNextPass,
         ALoopThatIsKeptNoMoreRunsElsewhere, ACallLaterComesInItsTime, ATaskThatYieldsGoesOn,
         ASleepEndsOnceByItsTimeOrByAStopRequest>;

}  // namespace scenarios
