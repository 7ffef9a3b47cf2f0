// benchmarks/async_bench.cpp: waiting in coroutines.
//
// await         a pair, uncontended (of an event: a wait that finds it set), in a coroutine; against the
//               same of a thread
// lock-64       64 coroutines of one thread take turns with a Lock; an acquisition
// semaphore-64  the same with a Semaphore
// ping-pong     two coroutines of one thread wake each other in turn by semaphores; a round trip; the
//               same between a coroutine and the thread itself
// event-1       a coroutine waits, set releases it, it waits for another event
// event-1000    the same with a thousand; for each of them
// sleepers      a million coroutines begin to wait, and are all woken: for each the processor time,
//               the memory that the process has more of while they wait, and how much of that are their
//               frames
//
// Of those that take turns, play or are announced to, also how often memory was allocated for each.
#include <type_traits>

#include "async_peers.hpp"
#include "lockstep/bounded_semaphore.hpp"
#include "lockstep/event.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/rlock.hpp"
#include "lockstep/semaphore.hpp"
#include "lockstep/wait/owner.hpp"
#include "measure.hpp"

namespace bench {
namespace {

// ---- Uncontended ------------------------------------------------------------------------------

template <class L>
Coroutine await_pairs(L& lock, benchmark::State& state) {
  for (auto _ : state) {
    co_await lock.async_acquire();
    benchmark::ClobberMemory();
    lock.release();
  }
}

OwningCoroutine await_owned_pairs(lockstep::Owner, lockstep::RLock& lock, benchmark::State& state) {
  for (auto _ : state) {
    co_await lock.async_acquire();
    benchmark::ClobberMemory();
    lock.release();
  }
}

// Four in a row, so that the time is not that of the loop, whose count a coroutine has in memory.

Coroutine await_set(lockstep::Event& event, benchmark::State& state) {
  while (state.KeepRunningBatch(4)) {
    co_await event.async_wait();
    co_await event.async_wait();
    co_await event.async_wait();
    co_await event.async_wait();
  }
}

void wait_for_set(lockstep::Event& event, benchmark::State& state) {
  while (state.KeepRunningBatch(4)) {
    event.wait();
    event.wait();
    event.wait();
    event.wait();
  }
}

/// A pair of calls of a thread.
struct ByThread {
  static constexpr const char* name = "thread";
  template <class L>
  static void run(L& lock, benchmark::State& state) {
    for (auto _ : state) {
      lock.acquire();
      benchmark::ClobberMemory();
      lock.release();
    }
  }
  static void run(lockstep::Event& event, benchmark::State& state) { wait_for_set(event, state); }
};

struct ByCoroutine {
  static constexpr const char* name = "coroutine";
  template <class L>
  static void run(L& lock, benchmark::State& state) {
    await_pairs(lock, state);
  }
  static void run(lockstep::RLock& lock, benchmark::State& state) {
    const lockstep::Owner task(&lock);
    const lockstep::wait::ActingFor acting(
        task);  // as whoever resumes the coroutines of a task does
    await_owned_pairs(task, lock, state);
  }
  static void run(lockstep::Event& event, benchmark::State& state) { await_set(event, state); }
};

template <class Primitive>
void compare_pairs(const char* name) {
  compare(std::string("await/") + name, Time::processor, Peers<ByThread, ByCoroutine>(),
          []<class By>(benchmark::State& state) {
            alignas(64) Primitive primitive;
            escape(primitive);
            if constexpr (std::is_same_v<Primitive, lockstep::Event>) primitive.set();
            By::run(primitive, state);
          });
}

// ---- Handed on --------------------------------------------------------------------------------

template <class L>
Coroutine take_turns_with(L& lock, bool is_first, Turns& turns) {
  while (is_first ? turns.another_round() : !turns.is_over()) {
    co_await lock.async_acquire();
    turns.count();
    lock.release();
  }
}

/// All of them wait when the first is handed the lock.
template <class L>
void take_turns(benchmark::State& state, std::size_t n) {
  alignas(64) L lock;
  escape(lock);
  lock.acquire();
  Turns turns(state, n);
  for (std::size_t i = 0; i < n; ++i) take_turns_with(lock, i == 0, turns);
  lock.release();
  turns.check();
}

struct LockstepLock {
  static constexpr const char* name = "lockstep::Lock";
  static void take_turns(benchmark::State& state, std::size_t n) {
    bench::take_turns<lockstep::Lock>(state, n);
  }
};

Coroutine answer_with(lockstep::Semaphore& ping, lockstep::Semaphore& pong, bool& is_over) {
  for (;;) {
    co_await ping.async_acquire();
    if (is_over) co_return;
    pong.release();
  }
}

/// The thread waits as a thread does, its partner is a coroutine.
struct LockstepMixed {
  static constexpr const char* name = "lockstep::Semaphore, thread";
  static void ping_pong(benchmark::State& state) {
    alignas(64) lockstep::Semaphore ping(0);
    alignas(64) lockstep::Semaphore pong(0);
    escape(ping);
    escape(pong);
    bool is_over = false;
    answer_with(ping, pong, is_over);
    for (auto _ : state) {
      ping.release();
      pong.acquire();
    }
    is_over = true;
    ping.release();
  }
};

struct LockstepSemaphore {
  static constexpr const char* name = "lockstep::Semaphore";
  static void take_turns(benchmark::State& state, std::size_t n) {
    bench::take_turns<lockstep::Semaphore>(state, n);
  }
  static void ping_pong(benchmark::State& state) {
    alignas(64) lockstep::Semaphore ping(0);
    alignas(64) lockstep::Semaphore pong(0);
    escape(ping);
    escape(pong);
    bool is_over = false;
    answer_with(ping, pong, is_over);
    call(ping, pong, is_over, state);
  }

 private:
  static Coroutine call(lockstep::Semaphore& ping, lockstep::Semaphore& pong, bool& is_over,
                        benchmark::State& state) {
    for (auto _ : state) {
      ping.release();
      co_await pong.async_acquire();
    }
    is_over = true;
    ping.release();
  }
};

// ---- Announced --------------------------------------------------------------------------------

/// A list of those who wait: one atomic instruction to get into it, one to take it as a whole.
class FloorEvent {
 public:
  static constexpr const char* name = "floor";

  struct Wait {
    explicit Wait(FloorEvent& of) noexcept : event(of) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) noexcept {
      handle = waiting;
      next = event.last_.load(std::memory_order_relaxed);
      while (!event.last_.compare_exchange_weak(next, this, std::memory_order_release,
                                                std::memory_order_relaxed)) {
      }
    }
    void await_resume() const noexcept {}

    FloorEvent& event;
    std::coroutine_handle<> handle;
    Wait* next = nullptr;
  };

  Wait async_wait() noexcept { return Wait(*this); }
  void clear() noexcept {}
  void set() noexcept {
    for (Wait* each = last_.exchange(nullptr, std::memory_order_acquire); each != nullptr;) {
      Wait& wait = *each;
      each = wait.next;
      wait.handle.resume();
    }
  }

 private:
  std::atomic<Wait*> last_{nullptr};
};

struct LockstepEvent : lockstep::Event {
  static constexpr const char* name = "lockstep::Event";
};

/// An event for every other round: those that one released wait for the other.
template <class E>
struct Announcements {
  alignas(64) std::array<E, 2> events;
  std::uint64_t heard = 0;
  bool is_over = false;
};

template <class E>
Coroutine listen(Announcements<E>& announcements) {
  for (std::size_t round = 0;; ++round) {
    co_await announcements.events[round % 2].async_wait();
    if (announcements.is_over) co_return;
    ++announcements.heard;
  }
}

template <class E>
void announce(benchmark::State& state, std::size_t waiters) {
  Announcements<E> announcements;
  escape(announcements);
  for (std::size_t i = 0; i < waiters; ++i) listen(announcements);
  std::size_t round = 0;
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(waiters))) {
    announcements.events[(round + 1) % 2].clear();
    announcements.events[round++ % 2].set();
  }
  if (announcements.heard != round * waiters) state.SkipWithError("somebody was not woken");
  announcements.is_over = true;
  announcements.events[round % 2].set();
}

// ---- Asleep -----------------------------------------------------------------------------------

struct OnEvent {
  static constexpr const char* name = "Event";
  void wake() { event.set(); }
  lockstep::Event event;
};
Coroutine sleep_on(OnEvent& on, std::size_t& woken) {
  co_await on.event.async_wait();
  ++woken;
}

struct OnLock {
  static constexpr const char* name = "Lock";
  OnLock() { lock.acquire(); }
  void wake() { lock.release(); }
  lockstep::Lock lock;
};
Coroutine sleep_on(OnLock& on, std::size_t& woken) {
  co_await on.lock.async_acquire();
  ++woken;
  on.lock.release();
}

struct WithDeadline : OnEvent {
  static constexpr const char* name = "Event, an hour at most";
};
Coroutine sleep_on(WithDeadline& on, std::size_t& woken) {
  const bool in_time = co_await on.event.async_wait_for(std::chrono::hours(1));
  woken += in_time ? 1 : 0;
}

template <class On>
void sleep(benchmark::State& state) {
  constexpr std::size_t sleepers = 1'000'000;
  for (auto _ : state) {
    On on;
    std::size_t woken = 0;
    const std::size_t before = give_back_and_measure();
    const double start = process_cpu_nanoseconds();
    for (std::size_t i = 0; i < sleepers; ++i) sleep_on(on, woken);
    const double asleep = process_cpu_nanoseconds();
    const auto frames = static_cast<double>(frame_bytes);
    const auto used = static_cast<double>(resident_bytes() - before);
    const double awake = process_cpu_nanoseconds();
    on.wake();
    const double time = asleep - start + process_cpu_nanoseconds() - awake;
    state.SetIterationTime(time * 1e-9 / sleepers);
    state.counters["bytes"] = used / sleepers;
    state.counters["frame_bytes"] = frames / sleepers;
    if (woken != sleepers) state.SkipWithError("somebody was not woken");
  }
}

/// The same, and how often memory was allocated for each iteration.
template <class Run>
auto with_allocations(Run run) {
  return [run]<class P>(benchmark::State& state) {
    const std::uint64_t before = allocations;
    run.template operator()<P>(state);
    state.counters["allocations"] =
        static_cast<double>(allocations - before) / static_cast<double>(state.iterations());
  };
}

void register_turns() {
  const auto turns =
      with_allocations([]<class P>(benchmark::State& state) { P::take_turns(state, 64); });
  compare("lock-64", Time::processor, Peers<FloorTurns, LockstepLock>(), turns);
  compare("semaphore-64", Time::processor, Peers<FloorTurns, LockstepSemaphore>(), turns);
  const auto ping_pong =
      with_allocations([]<class P>(benchmark::State& state) { P::ping_pong(state); });
  compare("ping-pong", Time::processor, Peers<FloorTurns, LockstepSemaphore, LockstepMixed>(),
          ping_pong);
#ifdef LOCKSTEP_PEER_ASIO
  compare("lock-64", Time::processor, Peers<AsioChannel>(), turns);
  compare("semaphore-64", Time::processor, Peers<AsioChannel>(), turns);
  compare("ping-pong", Time::processor, Peers<AsioChannel>(), ping_pong);
#endif
#ifdef LOCKSTEP_PEER_BOOST_FIBER
  compare("lock-64", Time::own, Peers<BoostFiber>(),
          []<class P>(benchmark::State& state) { P::take_turns(state, 64); });
  compare("ping-pong", Time::processor, Peers<BoostFiber>(), ping_pong);
#endif
}

}  // namespace

void register_benchmarks() {
  compare_pairs<lockstep::Lock>("Lock");
  compare_pairs<lockstep::RLock>("RLock");
  compare_pairs<lockstep::Semaphore>("Semaphore");
  compare_pairs<lockstep::BoundedSemaphore>("BoundedSemaphore");
  compare_pairs<lockstep::Event>("Event");
  register_turns();
  for (const std::size_t waiters : {1, 1000}) {
    compare("event-" + std::to_string(waiters), Time::processor, Peers<FloorEvent, LockstepEvent>(),
            with_allocations(
                [waiters]<class E>(benchmark::State& state) { announce<E>(state, waiters); }));
  }
  compare("sleepers", Time::own, Peers<OnEvent, OnLock, WithDeadline>(),
          []<class On>(benchmark::State& state) { sleep<On>(state); });
}

}  // namespace bench
