// checker/runtime/thread.hpp: a modelled thread.
#pragma once

#include <signal.h>
#include <unwind.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <type_traits>
#include <utility>
#include <vector>

#include "checker/explore/strategy.hpp"
#include "checker/graph/event.hpp"
#include "checker/machine/arch.hpp"
#include "checker/machine/arena.hpp"
#include "checker/machine/home.hpp"
#include "checker/runtime/clock.hpp"
#include "checker/runtime/heap.hpp"
#include "checker/runtime/random.hpp"
#include "checker/runtime/spin.hpp"

namespace lockstep::check {

/// What a thread waits for in a call of the modelled system.
struct Awaits {
  const char* what = "";      // "waits for the mutex"
  std::uintptr_t object = 0;  // where that is
  bool is_timed = false;      // it comes back in another execution, if not in this
};

struct Thread;

/// A lock of the system that a thread has.
struct Held {
  std::uintptr_t object = 0;
  EventId since;
  std::uint32_t depth = 1;
  bool is_shared = false;
};

/// What a modelled thread is about, but for what has memory of its own.
struct ThreadProgress {
  enum class State : std::uint8_t {
    absent,   // not created in this execution
    created,  // has not run yet
    able,     // can go on
    joining,  // waits for the end of `joined_thread`
    barred,   // cannot do its next event yet: waits for a mutex, a semaphore, ...
    asleep,   // in a queue of sleepers
    parked,   // spins, or waits for a static, and can see nothing new
    stopped,  // goes no further in this execution
    ended
  };

  Caller caller{};  // the first member: lockstep_current points at it
  Context context;

  State state = State::absent;
  bool is_detached = false;
  bool is_joined = false;
  std::size_t joined_thread = 0;
  bool creates_identical = false;  // the threads that it creates now are identical to `identical`
  std::size_t identical = 0;  // the one that it created last; 0: the next is the first of its like
  Thread* joiner = nullptr;   // that waits for its end
  std::size_t parked_since = 0;  // its first event of the iteration that it would repeat
  std::uint32_t done = 0;        // events
  std::uint32_t quiet = 0;       // plain accesses since its last event
  std::uint64_t hooks = 0;       // that it has called, but for plain accesses
  std::uint64_t read_by = 0;     // the last of them that was an atomic read

  bool has_looked_elsewhere = false;  // than on its stack, by a plain access since its last event

  // Of a thread that is parked, barred or asleep
  Awaits awaits;
  Location awaited = 0;       // the location that has to change: an object, or a queue
  Update wants;               // barred: what it is to do there
  bool may_time_out = false;  // asleep: its last event, a choice, could have been that it does
  bool times_out = false;     // asleep: it is that after all
  bool is_moved = false;      // asleep: until it is in the queue that it is being moved to
  bool tries = false;         // barred for good: does it all the same, for what that leads to
  EventId since;              // asleep: since this write

  unsigned timeouts = 0;        // in this execution
  unsigned spurious_wakes = 0;  // in this execution
  sigset_t blocked_signals{};

  std::uintptr_t call = 0;      // return address of the hook that it is in
  bool has_lost_stack = false;  // to what goes on after a signal

  View hb;  // what happens before whatever it does next

  void* (*start)(void*) = nullptr;
  void* argument = nullptr;
  void* returned = nullptr;
  _Unwind_Exception exit{};  // of pthread_exit: of no language's class, so that only clean-ups run
};

static_assert(std::is_trivially_copyable_v<ThreadProgress>);

/// The rest, which is empty most often.
struct ThreadBelongings {
  std::vector<Freed> freed;  // by this thread, whoever allocated it
  Spin spin;
  std::vector<EventId> also_since;  // asleep: in other queues too, of which none is to wake it here
  std::vector<Held> held;
  Clock clock;
  std::map<unsigned, void*> specific;                          // of pthread_setspecific
  std::vector<std::pair<void (*)(void*), void*>> destructors;  // of its thread-locals

  [[nodiscard]] bool is_empty() const noexcept {
    return spin.is_empty() && freed.empty() && also_since.empty() && held.empty() &&
           clock.is_new() && specific.empty() && destructors.empty();
  }
  void clear() noexcept {
    freed.clear();
    spin.changed();
    also_since.clear();
    held.clear();
    clock = Clock{};
    specific.clear();
    destructors.clear();
  }
};

struct Thread : ThreadProgress, ThreadBelongings {
  explicit Thread(std::size_t number) : id(number), home(number), heap(number), random(number) {
    caller.hook_stack = arena::hook_stack_top(number);
  }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  const std::size_t id;
  Home home;
  Heap heap;
  Random random;

  std::vector<std::uintptr_t> waits_where;    // backtrace, if one is recorded
  std::uintptr_t lowest_stack = stack_top();  // that it is known to have used

  [[nodiscard]] std::uintptr_t stack_top() const noexcept { return arena::stack_top(id); }
  [[nodiscard]] bool is_on_stack(std::uintptr_t address) const noexcept {
    return address - arena::stack(id) < arena::stack_size;
  }

  void begin_execution() {
    // What frames do not write would else be of another execution, and runtime/spin.hpp compares it.
    std::memset(reinterpret_cast<void*>(lowest_stack), 0, stack_top() - lowest_stack);
    lowest_stack = stack_top();
    ThreadProgress fresh{};
    fresh.caller.hook_stack = caller.hook_stack;
    static_cast<ThreadProgress&>(*this) = fresh;
    ThreadBelongings::clear();
    heap.begin_execution();
    random.begin_execution();
    home.renew();
  }
};

}  // namespace lockstep::check
