// tests/scenarios/coroutine_semaphore.hpp: what Semaphore and BoundedSemaphore promise to coroutines.
#pragma once

#include <atomic>

#include "coroutine.hpp"
#include "lockstep/semaphore.hpp"
#include "scenario.hpp"

namespace scenarios {

struct APermitCarriesDataToACoroutine : CarriesData<APermitCarriesDataToACoroutine> {
  lockstep::Semaphore ready{0};
  void announce() { ready.release(); }
  auto announced() { return ready.async_acquire(); }
};

struct AReleaseOfTwoServesAThreadAndACoroutine {
  static constexpr int threads = 3;
  lockstep::Semaphore semaphore{0};
  std::atomic<unsigned> served{0};

  void thread(int index) {
    if (index == 0) {
      semaphore.release(2);
    } else if (index == 1) {
      semaphore.acquire();
      served.fetch_add(1, std::memory_order_relaxed);
    } else {
      take(*this);
    }
  }
  static Coroutine take(AReleaseOfTwoServesAThreadAndACoroutine& self) {
    co_await self.semaphore.async_acquire();
    self.served.fetch_add(1, std::memory_order_relaxed);
  }
  void finish() { require(served.load(std::memory_order_relaxed) == 2 && semaphore.value() == 0); }
};

using CoroutineSemaphoreScenarios =
    List<APermitCarriesDataToACoroutine, AReleaseOfTwoServesAThreadAndACoroutine>;

}  // namespace scenarios
