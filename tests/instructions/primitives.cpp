// tests/instructions/primitives.cpp: the uncontended path of each primitive, by a thread and awaited, a
// hundred times each.
#include <chrono>
#include <coroutine>

#include "benchmarks/coroutines.hpp"
#include "lockstep/async.hpp"
#include "lockstep/lockstep.hpp"
#include "measured.hpp"

namespace {

using bench::Coroutine;
using bench::OwningCoroutine;
using instructions::measure;

constexpr int times = 100;

void forget_what_is_in_memory() { asm volatile("" : : : "memory"); }

template <class Body>
void repeat(const Body& body) {
  for (int i = 0; i < times; ++i) {
    body();
    forget_what_is_in_memory();
  }
}

template <class Body>
void measure_each(const char* name, const Body& body) {
  measure(name, [&] { repeat(body); });
}

// ---- By a thread ------------------------------------------------------------------------------

template <class L>
void measure_pairs(const char* name, L& lock) {
  measure_each(name, [&] {
    lock.acquire();
    forget_what_is_in_memory();
    lock.release();
  });
}

void by_a_thread() {
  lockstep::Lock lock;
  measure_pairs("Lock: acquire, release", lock);
  lockstep::RLock rlock;
  measure_pairs("RLock: acquire, release", rlock);
  lockstep::Condition condition(rlock);
  rlock.acquire();
  measure_pairs("RLock, owned: acquire, release", rlock);
  measure_each("Condition: notify nobody", [&] { condition.notify(); });
  rlock.release();
  lockstep::Semaphore semaphore(1);
  measure_pairs("Semaphore: acquire, release", semaphore);
  lockstep::BoundedSemaphore bounded(1);
  measure_pairs("BoundedSemaphore: acquire, release", bounded);
  lockstep::Event event;
  measure_each("Event: set, clear", [&] {
    event.set();
    forget_what_is_in_memory();
    event.clear();
  });
  event.set();
  measure_each("Event: wait for a set one", [&] { event.wait(); });
  lockstep::Barrier barrier(1);
  measure_each("Barrier of one: wait", [&] { static_cast<void>(barrier.wait()); });
}

/// Among others: whoever starts the earliest wakes the service.
void timers() {
  measure_each("Timer: make, start, cancel", [] {
    lockstep::Timer timer(std::chrono::hours(2), [] {});
    timer.start();
    timer.cancel();
  });
}

// ---- Awaited ----------------------------------------------------------------------------------

template <class L>
Coroutine await_pairs(L& lock) {
  for (int i = 0; i < times; ++i) {
    co_await lock.async_acquire();
    forget_what_is_in_memory();
    lock.release();
  }
}

OwningCoroutine await_owned_pairs(lockstep::Owner, lockstep::RLock& lock) {
  for (int i = 0; i < times; ++i) {
    co_await lock.async_acquire();
    forget_what_is_in_memory();
    lock.release();
  }
}

Coroutine await_set(lockstep::Event& event) {
  for (int i = 0; i < times; ++i) co_await event.async_wait();
}

Coroutine await_barrier(lockstep::Barrier& barrier) {
  for (int i = 0; i < times; ++i) static_cast<void>(co_await barrier.async_wait());
}

/// Handed to one of them, it goes from each to the next.
Coroutine take_turns(lockstep::Semaphore& mine, lockstep::Semaphore& next) {
  for (int i = 0; i < times; ++i) {
    co_await mine.async_acquire();
    next.release();
  }
}

void hand_over() {
  lockstep::Semaphore ping(0);
  lockstep::Semaphore pong(0);
  take_turns(ping, pong);
  take_turns(pong, ping);
  ping.release();
}

Coroutine listen(lockstep::Event& event) { co_await event.async_wait(); }

void announce() {
  lockstep::Event event;
  for (int i = 0; i < times; ++i) listen(event);
  event.set();
}

lockstep::Task<int> answer() { co_return 42; }

lockstep::Task<> ask() {
  for (int i = 0; i < times; ++i) {
    const int got = co_await answer();
    static_cast<void>(got);
  }
}

void awaited() {
  lockstep::Lock lock;
  measure("Lock, awaited: acquire, release", [&] { await_pairs(lock); });
  lockstep::RLock rlock;
  measure("RLock, awaited: acquire, release", [&] {
    const lockstep::Owner task(&rlock);
    const lockstep::wait::ActingFor acting(task);
    await_owned_pairs(task, rlock);
  });
  lockstep::Semaphore semaphore(1);
  measure("Semaphore, awaited: acquire, release", [&] { await_pairs(semaphore); });
  lockstep::BoundedSemaphore bounded(1);
  measure("BoundedSemaphore, awaited: acquire, release", [&] { await_pairs(bounded); });
  lockstep::Event event;
  event.set();
  measure("Event, awaited: a set one", [&] { await_set(event); });
  lockstep::Barrier barrier(1);
  measure("Barrier of one, awaited", [&] { await_barrier(barrier); });
  measure("Semaphores, awaited: handed there and back", [] { hand_over(); });
  measure("Event, awaited: begin to wait, be released", [] { announce(); });
  measure("Task: create, await, destroy", [] { lockstep::run(ask()); });
}

}  // namespace

int main() {
  lockstep::Timer earliest(std::chrono::hours(1), [] {});
  earliest.start();
  by_a_thread();
  awaited();
  timers();  // last: the service has gone to sleep by now
  earliest.cancel();
}
