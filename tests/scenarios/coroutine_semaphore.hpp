// tests/scenarios/coroutine_semaphore.hpp: what Semaphore and BoundedSemaphore promise to coroutines.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>
#include "lockstep/bounded_semaphore.hpp"
#include "lockstep/error.hpp"

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

struct CoroutinesOnTwoThreadsHandAPermitToEachOther {
  static constexpr int threads = 2;
  lockstep::Semaphore there{0};
  lockstep::Semaphore back{0};
  Shared<int> data{0};

  void thread(int index) { index == 0 ? ask(*this) : answer(*this); }
  static Coroutine ask(CoroutinesOnTwoThreadsHandAPermitToEachOther& self) {
    self.data = 1;
    self.there.release();
    co_await self.back.async_acquire();
    require(self.data == 2);
    self.data = 3;
  }
  static Coroutine answer(CoroutinesOnTwoThreadsHandAPermitToEachOther& self) {
    co_await self.there.async_acquire();
    require(self.data == 1);
    self.data = 2;
    self.back.release();
  }
  void finish() { require(data == 3); }
};

struct AReleaseOfTwoServesCoroutinesOnTwoThreads {
  static constexpr int threads = 3;
  lockstep::Semaphore permits{0};
  Shared<int> data{0};
  Shared<bool> served[threads]{};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      permits.release(2);
    } else {
      take(*this, served[index]);
    }
  }
  static Coroutine take(AReleaseOfTwoServesCoroutinesOnTwoThreads& self, Shared<bool>& served) {
    co_await self.permits.async_acquire();
    require(self.data == 1);
    served = true;
  }
  void finish() { require(served[1] && served[2] && permits.value() == 0); }
};

/// The third comes whenever it does: the first two are before it all the same.
struct PermitsGoToCoroutinesInTheOrderInWhichTheyCame {
  static constexpr int threads = 2;
  lockstep::Semaphore permits{0};
  std::atomic<unsigned> served{0};

  PermitsGoToCoroutinesInTheOrderInWhichTheyCame() {
    take(*this, 1);
    take(*this, 2);
  }
  static Coroutine take(PermitsGoToCoroutinesInTheOrderInWhichTheyCame& self, unsigned turn) {
    co_await self.permits.async_acquire();
    require(self.served.fetch_add(1, std::memory_order_relaxed) + 1 == turn);
    self.permits.release();
  }
  void thread(int index) { index == 0 ? permits.release() : static_cast<void>(take(*this, 3)); }
  void finish() { require(served.load(std::memory_order_relaxed) == 3 && permits.value() == 1); }
};

struct ADeadlineBesideAPermitForACoroutineConservesIt {
  static constexpr int threads = 2;
  lockstep::Semaphore permits{0};
  RungByHand clock;
  std::optional<bool> taken;

  ADeadlineBesideAPermitForACoroutineConservesIt() { take(*this); }
  static Timed take(ADeadlineBesideAPermitForACoroutineConservesIt& self) {
    self.taken = co_await self.permits.async_try_acquire_for(brief);
  }
  void thread(int index) { index == 0 ? permits.release() : clock.ring_after(brief); }
  void finish() { require(taken.has_value() && permits.value() == (*taken ? 0 : 1)); }
};

struct AStopRequestBesideAPermitForACoroutineConservesIt {
  static constexpr int threads = 2;
  lockstep::Semaphore permits{0};
  std::stop_source stop;
  std::optional<bool> taken;

  AStopRequestBesideAPermitForACoroutineConservesIt() { take(*this); }
  static Coroutine take(AStopRequestBesideAPermitForACoroutineConservesIt& self) {
    self.taken = co_await self.permits.async_acquire(self.stop.get_token());
  }
  void thread(int index) { index == 0 ? permits.release() : void(stop.request_stop()); }
  void finish() { require(taken.has_value() && permits.value() == (*taken ? 0 : 1)); }
};

struct ASemaphoreMayBeDestroyedByTheCoroutineThatTookItsLastPermit {
  static constexpr int threads = 2;
  std::unique_ptr<lockstep::Semaphore> done = std::make_unique<lockstep::Semaphore>(0);
  lockstep::Semaphore* const shared = done.get();

  void thread(int index) { index == 0 ? shared->release() : static_cast<void>(destroy(*this)); }
  static Coroutine destroy(ASemaphoreMayBeDestroyedByTheCoroutineThatTookItsLastPermit& self) {
    co_await self.shared->async_acquire();
    self.done.reset();
  }
  void finish() { require(done == nullptr); }
};

/// The coroutine has the one and keeps it, the other is free.
struct AReleaseThatGoesToACoroutineIsNoOverRelease {
  static constexpr int threads = 2;
  lockstep::BoundedSemaphore permits{1};
  Shared<bool> served{false};

  AReleaseThatGoesToACoroutineIsNoOverRelease() {
    permits.acquire();
    take(*this);
  }
  static Coroutine take(AReleaseThatGoesToACoroutineIsNoOverRelease& self) {
    co_await self.permits.async_acquire();
    self.served = true;
  }
  void thread(int) { permits.release(); }
  void finish() {
    require(served && permits.value() == 1);
    try {
      permits.release();
      require(false);
    } catch (const lockstep::OverReleaseError&) {
    }
  }
};

struct OfTwoReleasesBesideACoroutineTheBoundRefusesOne {
  static constexpr int threads = 2;
  lockstep::BoundedSemaphore permits{1};
  Shared<int> refused[threads]{};

  void thread(int index) {
    if (index == 0) {
      take_and_release(*this);
    } else {
      release(1);
    }
  }
  static Coroutine take_and_release(OfTwoReleasesBesideACoroutineTheBoundRefusesOne& self) {
    co_await self.permits.async_acquire();
    self.release(0);
  }
  void release(int index) {
    try {
      permits.release();
    } catch (const lockstep::OverReleaseError&) {
      refused[index] = 1;
    }
  }
  void finish() { require(refused[0] + refused[1] == 1 && permits.value() == 1); }
};

using CoroutineSemaphoreScenarios = List<
    APermitCarriesDataToACoroutine, AReleaseOfTwoServesAThreadAndACoroutine,
    CoroutinesOnTwoThreadsHandAPermitToEachOther, AReleaseOfTwoServesCoroutinesOnTwoThreads,
    PermitsGoToCoroutinesInTheOrderInWhichTheyCame, ADeadlineBesideAPermitForACoroutineConservesIt,
    AStopRequestBesideAPermitForACoroutineConservesIt,
    ASemaphoreMayBeDestroyedByTheCoroutineThatTookItsLastPermit,
    AReleaseThatGoesToACoroutineIsNoOverRelease, OfTwoReleasesBesideACoroutineTheBoundRefusesOne>;

}  // namespace scenarios
