// tests/model/histories/semaphore.hpp: Semaphore and BoundedSemaphore against a count.
//
// An acquire that times out has found no permit at some moment, as a try that fails has.
#pragma once

#include <cstddef>
#include <limits>
#include <ostream>

#include "coroutine.hpp"
#include "lockstep/bounded_semaphore.hpp"
#include "lockstep/error.hpp"
#include "lockstep/linearizability.hpp"
#include "lockstep/semaphore.hpp"
#include "scenario.hpp"

namespace scenarios {

struct SequentialSemaphore {
  std::ptrdiff_t permits = 0;
  std::ptrdiff_t bound = std::numeric_limits<std::ptrdiff_t>::max();

  bool acquire() { return --permits >= 0; }
  bool try_acquire(bool acquired) { return acquired ? acquire() : permits == 0; }
  bool release(bool released) {
    if (released) ++permits;
    return released ? permits <= bound : permits == bound;
  }
  bool value(std::ptrdiff_t said) const { return said == permits; }
  bool operator==(const SequentialSemaphore&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const SequentialSemaphore& semaphore) {
    return out << semaphore.permits << " permits";
  }
};

/// One whose calls are recorded.
template <class Real>
struct Recorded {
  using Reference = SequentialSemaphore;
  Real real;
  lockstep::check::History<Reference> history;

  explicit Recorded(std::ptrdiff_t permits)
      : real(permits), history(permits, std::numeric_limits<std::ptrdiff_t>::max()) {}
  Recorded(std::ptrdiff_t permits, std::ptrdiff_t bound) : real(bound), history(permits, bound) {
    for (; bound > permits; --bound) real.acquire();
  }

  void acquire() {
    history.call("acquire()", [this] { real.acquire(); }, &Reference::acquire);
  }
  bool try_acquire() {
    return history.call(
        "try_acquire()", [this] { return real.try_acquire(); }, &Reference::try_acquire);
  }
  bool try_acquire_for_a_while() {
    return history.call(
        "try_acquire_for()", [this] { return real.try_acquire_for(brief); },
        &Reference::try_acquire);
  }
  /// Or else it is over the bound.
  bool release() {
    const auto released = [this] {
      try {
        real.release();
        return true;
      } catch (const lockstep::OverReleaseError&) {
        return false;
      }
    };
    return history.call("release()", released, &Reference::release);
  }
  void value() {
    history.call("value()", [this] { return real.value(); }, &Reference::value);
  }
};

using RecordedSemaphore = Recorded<lockstep::Semaphore>;

inline Coroutine acquire_and_release(RecordedSemaphore& semaphore) {
  auto acquire = semaphore.history.invoke("async_acquire()");
  co_await semaphore.real.async_acquire();
  acquire.returned(&SequentialSemaphore::acquire);
  semaphore.release();
}

struct ASemaphoreIsACountToTwoThreads {
  static constexpr int threads = 2;
  RecordedSemaphore semaphore{0};

  void thread(int index) {
    if (index == 0) {
      semaphore.release();
      semaphore.try_acquire();
      semaphore.release();
    } else {
      semaphore.acquire();
      semaphore.try_acquire();
      semaphore.value();
    }
  }
  void finish() { semaphore.value(); }
};

struct ASemaphoreIsACountToThreeThreads {
  static constexpr int threads = 3;
  RecordedSemaphore semaphore{1};

  void thread(int index) {
    if (index == 0) {
      semaphore.try_acquire();
      semaphore.release();
    } else if (index == 1) {
      semaphore.acquire();
    } else if (semaphore.try_acquire()) {
      semaphore.release();
    }
  }
  void finish() { semaphore.value(); }
};

struct ASemaphoreIsACountToThoseWhoWaitForAWhile {
  static constexpr int threads = 2;
  RecordedSemaphore semaphore{0};

  void thread(int index) {
    if (index == 0) {
      semaphore.release();
      semaphore.try_acquire_for_a_while();
    } else {
      semaphore.try_acquire_for_a_while();
      semaphore.try_acquire();
    }
  }
  void finish() { semaphore.value(); }
};

struct ABoundedSemaphoreIsACountWithABound {
  static constexpr int threads = 2;
  Recorded<lockstep::BoundedSemaphore> semaphore{0, 1};

  void thread(int index) {
    semaphore.release();
    if (index == 0) {
      semaphore.try_acquire();
      semaphore.release();
    } else {
      semaphore.try_acquire_for_a_while();
    }
  }
  void finish() { semaphore.value(); }
};

struct ASemaphoreIsACountToAThreadAndACoroutine {
  static constexpr int threads = 2;
  RecordedSemaphore semaphore{0};

  void thread(int index) {
    if (index == 0) {
      semaphore.release();
      semaphore.try_acquire();
      semaphore.release();
    } else {
      acquire_and_release(semaphore);
    }
  }
  void finish() { semaphore.value(); }
};

/// When it is gone it has had no effect. Before, it may have had a permit that it was about to pass on: a
/// try_acquire at that moment finds none, which a count alone does not explain, so nobody tries here.
struct ASemaphoreIsACountBesideACoroutineThatIsDestroyed {
  static constexpr int threads = 2;
  RecordedSemaphore semaphore{0};
  Line line;
  InLine coroutine;

  ASemaphoreIsACountBesideACoroutineThatIsDestroyed() { coroutine = acquire(*this); }
  static InLine acquire(ASemaphoreIsACountBesideACoroutineThatIsDestroyed& self) {
    auto acquire = self.semaphore.history.invoke("async_acquire()");
    co_await self.semaphore.real.async_acquire();
    acquire.returned(&SequentialSemaphore::acquire);
  }
  void thread(int index) {
    if (index == 0) {
      semaphore.release();
      semaphore.acquire();
      semaphore.release();
    } else {
      coroutine.destroy();
    }
  }
  void finish() { semaphore.value(); }
};

using SemaphoreHistories =
    List<ASemaphoreIsACountToTwoThreads, ASemaphoreIsACountToThreeThreads,
         ASemaphoreIsACountToThoseWhoWaitForAWhile, ABoundedSemaphoreIsACountWithABound,
         ASemaphoreIsACountToAThreadAndACoroutine,
         ASemaphoreIsACountBesideACoroutineThatIsDestroyed>;

}  // namespace scenarios
