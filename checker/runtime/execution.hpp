// checker/runtime/execution.hpp: one run of the program under exploration, whose threads take turns.
//
// The threads are contexts on the operating system thread that called explore(). A thread runs until
// its next event; there it asks the strategy who goes on, and switches to that thread if it is another.
// When no thread is able to go on, or something is wrong, the run is over and control goes back
// to explore(); the threads are left as they are.
//
// All is called by the hooks, on the thread whose doing it is, with lockstep_current null (NativeScope).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/explore/strategy.hpp"
#include "checker/machine/undo_log.hpp"
#include "checker/runtime/globals.hpp"
#include "checker/runtime/histories.hpp"
#include "checker/runtime/idle_rounds.hpp"
#include "checker/runtime/keys.hpp"
#include "checker/runtime/locations.hpp"
#include "checker/runtime/opened.hpp"
#include "checker/runtime/program_state.hpp"
#include "checker/runtime/recorder.hpp"
#include "checker/runtime/shadow.hpp"
#include "checker/runtime/thread.hpp"
#include "lockstep/check.hpp"

namespace lockstep::check {

/// While one exists, the calling code is the checker's own: what it does is no part of the program.
class NativeScope {
 public:
  NativeScope() noexcept : current_(lockstep_current) { lockstep_current = nullptr; }
  ~NativeScope() { lockstep_current = current_; }
  NativeScope(const NativeScope&) = delete;
  NativeScope& operator=(const NativeScope&) = delete;

 private:
  Caller* current_;
};

/// How a run ended.
enum class Ending : std::uint8_t {
  complete,   // every thread came to its end
  blocked,    // a thread waits for what it sees in another execution
  discarded,  // an assumption did not hold
  cut,        // a thread had as many events as it may
  wrong,
  impossible,  // no execution: there was nothing that an event could have come to
  renewed      // what was explored so far was explored too weakly: it is to begin anew
};

/// Is a run that ended so counted as an execution, be it blocked or cut short?
[[nodiscard]] constexpr bool is_counted(Ending ending) noexcept {
  return ending == Ending::complete || ending == Ending::blocked || ending == Ending::cut;
}

/// What calls of the modelled system read and change: an atomic object in the program's memory, or the
/// queue of those who sleep on an address.
struct Object {
  std::uintptr_t address = 0;
  std::size_t size = 0;  // bytes; 0: the queue
};

class Execution : private Foresight {
 public:
  /// The only one, while explore() is at work.
  static Execution& instance() noexcept { return *instance_; }
  static bool is_running() noexcept { return instance_ != nullptr; }

  Execution(const Options& options, const std::function<void()>& program);
  ~Execution() override;
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  /// What globals hold now is what every run begins with. `frames`: the end of the checker's own on the stack.
  void find_globals(std::uintptr_t frames);
  /// Were they found? If not, what libraries change in them is not undone.
  [[nodiscard]] bool knows_globals() const noexcept { return !globals_.is_empty(); }
  /// The same anew, when others than the program may have changed them.
  void renew_globals() noexcept { globals_.renew(); }
  /// Calls what is no part of the execution, and so not undone with it.
  void let_last(const std::function<void()>& change) { globals_.let_last(change); }

  /// Runs the program once. With a recorder, what happens is written down.
  Ending run(Strategy& strategy, Recorder* recorder = nullptr);

  // What the last run came to.
  [[nodiscard]] Wrong wrong() const noexcept { return wrong_; }
  [[nodiscard]] const std::string& what() const noexcept { return what_; }
  /// Of a wrong one: whose doing it is, and the call that it made there.
  [[nodiscard]] std::size_t failed_thread() const noexcept { return failed_thread_; }
  [[nodiscard]] std::uintptr_t failed_call() const noexcept { return failed_call_; }
  /// By all threads; of a range each 8 bytes count.
  [[nodiscard]] std::uint64_t plain_accesses() const noexcept;
  [[nodiscard]] const std::string& outcome() const noexcept { return outcome_; }

  // Memory

  /// Does a plain access in which nothing is wrong and nothing unusual. False: it is still to be done.
  [[nodiscard]] bool plain_at_once(Thread& me, std::uintptr_t address, std::size_t size,
                                   bool is_write) noexcept {
    if ((address & 7) + size > 8 || recorder_ != nullptr) return false;
    Cell* const cell = shadow_.find_recent(address);
    if (cell == nullptr) return false;
    const bool is_on_own_stack = me.is_on_stack(address);
    if (!shadow_.is_fresh(*cell)) {
      if (!shadow_.has_room() || (!is_on_own_stack && !is_allocated(address))) return false;
      shadow_.refresh(*cell);
    }
    const std::uint8_t bytes = static_cast<std::uint8_t>(((1U << size) - 1) << (address & 7));
    if ((cell->flags & Cell::freed) != 0 || (cell->atomic & bytes) != 0) return false;
    const Trace access = trace_of(me, bytes, is_write);
    if (Shadow::is_repeated(*cell, access)) return true;
    if (is_write && !is_on_own_stack) {
      if ((cell->flags & Cell::saved) == 0 && !arena::contains(address)) return false;
      me.spin.changed();
    }
    if (!Shadow::add_at_once(*cell, access, me.hb)) return false;
    if (is_write) cell->written = static_cast<std::uint8_t>(cell->written | bytes);
    me.lowest_stack = std::min(me.lowest_stack, me.caller.stack_pointer);
    return true;
  }
  void plain(Thread& me, std::uintptr_t address, std::size_t size, bool is_write) {
    const std::size_t offset = address & 7;
    if (offset + size <= 8) {
      touch(me, address, static_cast<std::uint8_t>(((1U << size) - 1) << offset), is_write);
    } else {
      plain_range(me, address, size, is_write);
    }
  }
  /// So many plain accesses without an event are a loop that nobody can end, if none of the other threads
  /// races with it; or more work than can be explored.
  static constexpr std::uint32_t too_quiet = 10'000'000;
  [[noreturn]] void leave_to_others(Thread& me);

  Value load(Thread& me, std::uintptr_t address, std::size_t size, Order order);
  void store(Thread& me, std::uintptr_t address, std::size_t size, Order order, Value value);
  Seen update(Thread& me, std::uintptr_t address, const Update& update);
  void fence(Thread& me, Order order);
  /// Of the compiler only, unless the program makes other threads' processors do the rest (membarrier).
  void light_fence(Thread& me, Order order) {
    if (has_heavy_fences_) fence(me, order);
  }
  void heavy_fence(Thread& me);

  /// Of the atomic object that an address is in this execution; 0 if it is none.
  [[nodiscard]] std::size_t size_of_atomic(std::uintptr_t address) noexcept {
    const Locations::Entry* const object = locations_.object_at(address);
    return object == nullptr ? 0 : object->size;
  }

  /// Null: there is no room.
  void* allocate(Thread& me, std::size_t size, std::size_t alignment);
  void free(Thread& me, void* address);
  /// The size of an allocated block.
  [[nodiscard]] std::size_t size_of(Thread& me, void* address);

  // Threads

  /// The new thread; null: there are too many.
  Thread* create(Thread& me, void* (*start)(void*), void* argument, bool is_detached);
  /// Until the end, the threads that it creates are identical: the search may explore one of their permutations.
  void begin_identical_threads(Thread& me);
  static void end_identical_threads(Thread& me) noexcept { me.creates_identical = false; }
  void* join(Thread& me, Thread& joined);
  void detach(Thread& me, Thread& detached);
  /// Called by the program's own code.
  static void destroy_thread_locals(Thread& me);
  /// Called by the program's own code: destroys its thread-locals first.
  [[noreturn]] static void leave_thread(Thread& me, void* returned);
  [[noreturn]] void end(Thread& me, void* returned);
  [[nodiscard]] Thread* find(pthread_t pthread) const noexcept;
  void name(const Thread& thread, const char* name);
  /// Waits until it can see something else than in its events from `first` on, which changed nothing.
  void wait_for_change(Thread& me, std::size_t first, const Awaits& awaits);

  // Calls of the modelled system (checker/system/)

  /// What a thread reads within a call, before it changes something in the same.
  Value peek(Thread& me, const Object& object, const char* call);
  /// The same, of one who at once goes to sleep in the queue if it sees that.
  Value peek_before_sleep(Thread& me, const Object& word, Value if_it_sees, const Object& queue,
                          const char* call);
  Seen change(Thread& me, const Object& object, const Update& update, const char* call);
  /// Nothing comes between it and what the thread did before.
  Seen change_at_once(Thread& me, const Object& object, const Update& update, const char* call);
  /// Not before the update writes.
  Seen change_when_possible(Thread& me, const Object& object, Update update, const char* call,
                            const Awaits& awaits);
  void put(Thread& me, const Object& object, Order order, Value value, const char* call);
  /// The thread has just come into a queue, and is there until another takes it off.
  void sleep(Thread& me, Order order, const Awaits& awaits);
  /// The same, if it chose to be woken and might have chosen to time out. False: it times out, nobody wakes it.
  [[nodiscard]] bool sleep_or_time_out(Thread& me, const Awaits& awaits);
  /// If a thread that was in a queue was not taken off it but moved to another, then that one, where it is
  /// from now on; else none (address 0).
  Object follow(Thread& me);
  /// One of those ways in which a wait may end, if the options leave it open.
  enum class End : std::uint8_t { woken, timeout, spurious, interrupted };
  static constexpr std::size_t choice_of_timeout = 1;  // where it is one
  End choose_end(Thread& me, bool may_time_out, unsigned kinds_of_spurious);
  /// One of 0 to n-1.
  std::size_t choose_among(Thread& me, std::size_t n, const char* what);
  [[nodiscard]] bool may_time_out(const Thread& me) noexcept {
    limited_.timeouts = true;
    return me.timeouts < options_.timeouts;
  }
  [[nodiscard]] Value last_value(Thread& me, const Object& object);
  /// What threads may have met with, as far as the options let them.
  struct Limited {
    bool failures = false, timeouts = false, wakes = false, light_fences = false, values = false,
         permutations = false;

    /// As a number, for other processes.
    [[nodiscard]] unsigned bits() const noexcept {
      return (failures ? 1U : 0U) | (timeouts ? 2U : 0U) | (wakes ? 4U : 0U) |
             (light_fences ? 8U : 0U) | (values ? 16U : 0U) | (permutations ? 32U : 0U);
    }
  };
  /// What they met with in other processes.
  void add_limits(unsigned bits) noexcept {
    bits |= limited_.bits();
    limited_ = {(bits & 1) != 0, (bits & 2) != 0,  (bits & 4) != 0,
                (bits & 8) != 0, (bits & 16) != 0, (bits & 32) != 0};
    has_heavy_fences_ = limited_.light_fences;
  }
  void note_change_of_c_library() noexcept { has_changed_c_library_ = true; }
  void note_limited_values() noexcept { limited_.values = true; }
  [[nodiscard]] const Limited& limited() const noexcept { return limited_; }

  /// The thread's time; a look at it takes some.
  [[nodiscard]] Clock::Time now(Thread& me);
  void reach(Thread& me, Clock::Time time);
  [[nodiscard]] Clock::Time look_at_clock(Thread& me);

  [[nodiscard]] Keys& keys() noexcept { return keys_; }

  // What the program says to the checker

  int choose(Thread& me, int n);
  void note_outcome(std::string_view text);
  history::Performed& note_call(Thread& me, history::Recorded& recorded, std::string_view name);
  void note_return(Thread& me, history::Performed& performed);
  [[nodiscard]] Histories& histories() noexcept { return histories_; }
  /// The end of a whole program. What other threads do from here on is as if it came later.
  [[noreturn]] void exit(Thread& me);
  [[nodiscard]] const Options& options() const noexcept { return options_; }
  void print(const Thread& me, std::string_view text);
  [[nodiscard]] Opened& opened() noexcept { return opened_; }
  [[noreturn]] void discard(Thread& me);
  [[noreturn]] void fail(Thread& me, Wrong wrong, std::string what);

  /// Is this the function that calls a thread's own first function?
  static bool is_beginning(std::uintptr_t function) noexcept;

  /// The thread that was running, for a signal that interrupted it; null if none was.
  [[nodiscard]] Thread* running() const noexcept { return turns_.running; }

  [[nodiscard]] const Locations& locations() const noexcept { return locations_; }
  [[nodiscard]] Locations& locations() noexcept { return locations_; }
  /// What an address is, as well as the checker knows; nothing for globals.
  [[nodiscard]] std::string name_of(std::uintptr_t address) const;

 private:
  friend struct ThreadStart;

  void begin(Strategy& strategy, Recorder* recorder);
  Thread& prepare(std::size_t id, void* (*start)(void*), void* argument);
  // keeping.cpp
  [[nodiscard]] bool can_be_kept() const noexcept;
  void ask_to_keep(Thread& me);
  void keep(ProgramState& state);
  void put_back(const ProgramState& state);

  // turns.cpp
  void take_turn(Thread& me);
  void take_turn_within_call(Thread& me);
  /// The others go on: what they write may lead to executions in which this thread goes on as well.
  [[noreturn]] void stop(Thread& me);
  /// Events of a thread are numbered by 16 bits.
  [[nodiscard]] std::size_t most_events() const noexcept {
    constexpr std::size_t limit = 60'000;
    return options_.max_events == 0 ? limit : std::min(limit, options_.max_events);
  }
  [[nodiscard]] Thread& choose_next(const Thread& me);
  void wake_parked();
  void wake_waiting();
  [[nodiscard]] bool let_barred_try();
  [[nodiscard]] bool let_one_time_out();
  [[nodiscard]] bool can_go_on(const Thread& thread) const;
  [[nodiscard]] EventId woken_by(const Thread& thread, EventId since) const;
  [[nodiscard]] bool wakes_otherwise(const Thread& thread) const;
  [[nodiscard]] EventId taken_off_by(const Thread& thread, EventId since) const;
  [[nodiscard]] bool is_moved_by(const Thread& thread, EventId write) const;
  [[nodiscard]] EventId moved_in_by(const Thread& thread, EventId write) const;
  void go_to(Thread& me, Thread& next);
  [[noreturn]] void leave();
  [[noreturn]] void finish(Ending ending);
  void finish_without_able(Thread& me);
  [[nodiscard]] Ending ending_without_able() const;
  [[noreturn]] void fail_stuck(Thread& me);
  // The sets of threads follow from their states, here and nowhere else; but for those parked, of whom the
  // strategy says whether they may be woken.
  void able(Thread& thread) noexcept {
    const ThreadSet it = ThreadSet{1} << thread.id;
    thread.state = Thread::State::able;
    turns_.able |= it;
    turns_.waiting &= ~it;
  }
  void not_able(Thread& thread, Thread::State state) noexcept {
    const ThreadSet it = ThreadSet{1} << thread.id;
    const bool waits = state == Thread::State::barred || state == Thread::State::asleep;
    thread.state = state;
    turns_.able &= ~it;
    turns_.parked &= ~it;
    turns_.in_call &= ~it;
    turns_.waiting = waits ? turns_.waiting | it : turns_.waiting & ~it;
  }
  void park_if_spinning(Thread& me);
  /// Is a byte of a thread's stack one of an atomic object?
  [[nodiscard]] auto is_atomic() const {
    return [this](std::uintptr_t address) {
      const Cell& cell = shadow_.cell(address);
      return shadow_.is_fresh(cell) && (cell.atomic >> (address & 7) & 1) != 0;
    };
  }
  /// Is it that, or was it another thread that wrote there last?
  [[nodiscard]] auto is_shared(const Thread& me) const {
    return [this, &me](std::uintptr_t address) {
      const Cell& cell = shadow_.cell(address);
      const auto byte = static_cast<std::uint8_t>(1U << (address & 7));
      return shadow_.is_fresh(cell) &&
             ((cell.atomic & byte) != 0 || shadow_.is_by_others(cell, byte, me.id));
    };
  }
  void note_idle_round(const Thread& me, std::size_t first);
  [[nodiscard]] bool idles(std::size_t thread, const Sight& sight) const override;
  void park(Thread& me, std::size_t first, const Awaits& awaits);
  [[nodiscard]] bool ask_to_park(Thread& me, std::size_t first);
  void record_waiting();
  void record_waiting(const Thread& thread);
  void record_object(const Thread& thread, Waiting& waiting) const;
  [[nodiscard]] bool has_missed_wake(const Thread& thread) const;
  [[nodiscard]] EventId last_wake_before_sleep(const Thread& thread) const;
  [[noreturn]] void fail_deadlock(Thread& me);
  /// Asks the strategy for an event. If the program is not the one it was, that is the finding.
  template <class Ask>
  auto guarded(Thread& me, Ask ask) {
    try {
      return ask();
    } catch (const Divergence& divergence) {
      fail(me, Wrong::unsupported, divergence.what());
    }
  }
  /// After an event of `me`: takes over what it knows now.
  const Event& did(Thread& me, const char* operation = "");

  // plain_access.cpp
  void plain_range(Thread& me, std::uintptr_t address, std::size_t size, bool is_write);
  void touch(Thread& me, std::uintptr_t address, std::uint8_t bytes, bool is_write);
  void check_order(Thread& me, Cell& cell, std::uintptr_t address, std::uint8_t bytes,
                   bool is_write);
  void touch_first(Thread& me, Cell& cell, std::uintptr_t address);
  void save(Cell& cell, std::uintptr_t address);
  void touch_atomic_object(Thread& me, std::uintptr_t address, std::uint8_t bytes, bool is_write);
  void check_against_atomics(Thread& me, const Locations::Entry& object, bool is_write,
                             std::uintptr_t address);

  // atomic_access.cpp
  Locations::Entry& locate(Thread& me, std::uintptr_t address, std::size_t size);
  void begin_object(Thread& me, Locations::Entry& entry, std::size_t size);
  void end_object(Locations::Entry& object);
  void check_against_plain(Thread& me, const Locations::Entry& object, bool is_write);
  void write_through(Locations::Entry& object, EventId write);
  void check_is_initialized(Thread& me, const Locations::Entry& object, const Seen& seen);
  [[nodiscard]] static Trace trace_of(const Thread& me, std::uint8_t bytes,
                                      bool is_write) noexcept {
    return {me.id, me.done, is_write, bytes};
  }
  [[nodiscard]] static EventId last_event(const Thread& me) noexcept {
    return {static_cast<std::uint16_t>(me.id), static_cast<std::uint16_t>(me.done - 1)};
  }

  // system_call.cpp
  [[nodiscard]] Locations::Entry& find(Thread& me, const Object& object);
  template <class Load>
  Value peek_by(Thread& me, const Object& object, const char* call, Load load);
  Seen change_now(Thread& me, const Object& object, const Update& update, const char* call);
  void wait_while_barred(Thread& me, const Object& object, const Update& update,
                         const Awaits& awaits);
  // reuse.cpp
  struct FreedAt {
    std::size_t thread;
    std::size_t index;  // in its `freed`
  };
  struct Reusable {  // on a stack that may be left as it is: no memory of its own
    static constexpr std::size_t most = 4;  // each makes another execution of what follows
    std::array<FreedAt, most> blocks;
    std::size_t count = 0;
  };
  [[nodiscard]] static bool is_known(const Thread& me, std::size_t thread,
                                     std::size_t after) noexcept;
  [[nodiscard]] Reusable find_reusable(const Thread& me, std::size_t size,
                                       std::size_t alignment) const;
  [[nodiscard]] std::uintptr_t reuse(Thread& me, std::size_t size, std::size_t alignment);
  void begin_again(Block& block, std::size_t size);

  // allocation.cpp, recording.cpp
  [[nodiscard]] Block* find_block(std::uintptr_t address) const noexcept;
  /// Are the 8 bytes around the address on a heap, and their beginning in a block that is not freed?
  [[nodiscard]] bool is_allocated(std::uintptr_t address) const noexcept {
    if (!arena::is_heap(address)) return false;
    const std::uintptr_t granule = address & ~std::uintptr_t{7};
    const Block* const block = find_block(granule);
    return block != nullptr && granule < block->address + block->size &&
           block->freed_by == Block::nobody;
  }
  void check_for_leaks(Thread& me);
  void check_histories(Thread& me);
  [[nodiscard]] bool is_recording(std::uintptr_t address) noexcept;
  void record_allocation(const Block& block);
  void record_freed(const Thread& me, std::uintptr_t address, std::size_t size, const char* use);
  [[noreturn]] void fail_freed(Thread& me, Wrong wrong, const char* what, std::uintptr_t address,
                               std::size_t size, const char* use);
  void record_race(Thread& me, std::uintptr_t address, const Trace& other);
  [[noreturn]] void fail_race(Thread& me, std::uintptr_t address, const Trace& other);

  static Execution* instance_;

  const Options& options_;
  const std::function<void()>& program_;
  // These stay when the exploration is over, for the next: a thread's home lasts as long as the process.
  std::array<std::unique_ptr<Thread>, max_threads>& threads_;
  Shadow& shadow_;
  Locations locations_;
  UndoLog undo_log_;
  Globals globals_;
  Keys keys_;
  Limited limited_;
  bool has_heavy_fences_ = false;  // the program was seen to use one
  Opened opened_;
  Histories histories_;
  IdleRounds idle_rounds_;
  std::deque<ProgramState> states_;  // that were kept, by number

  // Of the run
  Strategy* strategy_ = nullptr;
  const Graph* graph_ = nullptr;  // the strategy's, as of the last event or of who came to wait
  Recorder* recorder_ = nullptr;
  Turns turns_;
  const Thread* reading_ = nullptr;  // in an atomic operation of the program, and not in a call
  Context explorer_;
  std::uintptr_t explorer_thread_pointer_ = 0;
  bool has_changed_c_library_ = false;  // it allocated, freed or remembered something, for itself
  std::optional<std::size_t>
      to_keep_;  // the number under which the explorer is asked to keep the state
  Ending ending_ = Ending::complete;
  Wrong wrong_ = Wrong::nothing;
  std::string what_;
  std::size_t failed_thread_ = max_threads;
  std::uintptr_t failed_call_ = 0;
  std::uint64_t plain_accesses_ = 0;  // but for those of each thread since its last event
  std::string outcome_;
};

}  // namespace lockstep::check
