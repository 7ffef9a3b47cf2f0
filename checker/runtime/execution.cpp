#include "checker/runtime/execution.hpp"

#include <bit>
#include <utility>

namespace lockstep::check {

Execution* Execution::instance_ = nullptr;

namespace {

/// The threads of all explorations, by number.
std::array<std::unique_ptr<Thread>, max_threads>& all_threads() {
  static auto* const threads = new std::array<std::unique_ptr<Thread>, max_threads>;
  return *threads;
}

Shadow* shadow() {
  static auto* const only = new Shadow;
  return only;
}

}  // namespace

/// Where the threads of the program begin: the only functions here that run as part of it.
struct ThreadStart {
  static void thread(void* self) {
    Thread& me = *static_cast<Thread*>(self);
    lockstep_current = &me.caller;
    Execution::leave_thread(me, me.start(me.argument));
  }

  static void* program(void*) {
    Execution::instance().program_();
    return nullptr;
  }
};

void Execution::leave_thread(Thread& me, void* returned) {
  while (!me.destructors.empty()) {
    const auto [destroy, object] = me.destructors.back();
    {
      const NativeScope native;
      me.destructors.pop_back();
    }
    destroy(object);
  }
  lockstep_current = nullptr;
  instance().end(me, returned);
}

bool Execution::is_beginning(std::uintptr_t function) noexcept {
  return function == reinterpret_cast<std::uintptr_t>(&ThreadStart::thread) ||
         function == reinterpret_cast<std::uintptr_t>(&ThreadStart::program);
}

Execution::Execution(const Options& options, const std::function<void()>& program)
    : options_(options), program_(program), threads_(all_threads()), shadow_(*shadow()) {
  instance_ = this;
}

Execution::~Execution() {
  instance_ = nullptr;
  for (std::size_t id = 0; id < max_threads; ++id) {
    if (threads_[id]) threads_[id]->heap.trim();
  }
}

// The run

Ending Execution::run(Strategy& strategy, Recorder* recorder) {
  begin(strategy, recorder);
  Thread& first = prepare(0, &ThreadStart::program, nullptr);
  able(first);
  explorer_thread_pointer_ = lockstep_thread_pointer();
  running_ = &first;
  lockstep_switch(&explorer_, &first.context, first.home.thread_pointer());
  running_ = nullptr;
  undo_log_.undo();
  return ending_;
}

void Execution::begin(Strategy& strategy, Recorder* recorder) {
  strategy_ = &strategy;
  recorder_ = recorder;
  for (ThreadSet left = used_; left != 0; left &= left - 1) {
    threads_[static_cast<std::size_t>(std::countr_zero(left))]->state = Thread::State::absent;
  }
  able_ = parked_ = used_ = 0;
  events_ = 0;
  is_discarded_ = false;
  wrong_ = Wrong::nothing;
  what_.clear();
  outcome_.clear();
  shadow_.begin_execution();
  locations_.begin_execution();
  strategy.begin_run();
}

Thread& Execution::prepare(std::size_t id, void* (*start)(void*), void* argument) {
  auto& thread = threads_[id];
  if (!thread) {
    arena::open(id);
    thread = std::make_unique<Thread>(id);
  }
  used_ |= ThreadSet{1} << id;
  thread->begin_execution();
  thread->start = start;
  thread->argument = argument;
  thread->context = make_context(reinterpret_cast<void*>(thread->stack_top()), &ThreadStart::thread,
                                 thread.get());
  return *thread;
}

void Execution::leave() {
  Context abandoned;
  lockstep_switch(&abandoned, &explorer_, explorer_thread_pointer_);
  __builtin_unreachable();
}

void Execution::finish(Ending ending) {
  ending_ = ending;
  leave();
}

/// The others go on: what they write leads to executions in which the assumption holds.
void Execution::discard(Thread& me) {
  is_discarded_ = true;
  not_able(me, Thread::State::discarded);
  go_to(me, choose_next(me));
  __builtin_unreachable();
}

void Execution::fail(Thread& me, Wrong wrong, std::string what) {
  wrong_ = wrong;
  what_ = std::move(what);
  if (recorder_ != nullptr) {
    recorder_->finding.thread = me.id;
    recorder_->finding.where = backtrace_of(me);
  }
  finish(Ending::wrong);
}

// Turns

void Execution::take_turn(Thread& me) {
  if (++events_ > options_.max_events && options_.max_events != 0) finish(Ending::cut);
  Thread& next = choose_next(me);
  if (&next != &me) go_to(me, next);
}

Thread& Execution::choose_next(const Thread& me) {
  if (parked_ != 0) wake_parked();
  if (able_ == 0) finish_without_able(const_cast<Thread&>(me));
  try {
    return *threads_[strategy_->choose_thread(able_, me.id)];
  } catch (const Divergence& divergence) {
    fail(const_cast<Thread&>(me), Wrong::unsupported, divergence.what());
  }
}

void Execution::go_to(Thread& me, Thread& next) {
  running_ = &next;
  lockstep_switch(&me.context, &next.context, next.home.thread_pointer());
}

const Event& Execution::did(Thread& me, const char* operation) {
  const std::uint32_t before = me.done;
  me.done = static_cast<std::uint32_t>(strategy_->done(me.id));
  const Event& event = strategy_->graph().thread(me.id)[me.done - 1];
  me.hb = event.hb;
  if (recorder_ != nullptr) {
    for (std::uint32_t i = before; i < me.done; ++i) {
      recorder_->event(me, {static_cast<std::uint16_t>(me.id), static_cast<std::uint16_t>(i)},
                       operation);
    }
  }
  return event;
}

// Waiting for something else to see

void Execution::park_if_spinning(Thread& me) {
  const Graph& graph = strategy_->graph();
  const bool is_recorded = me.id < graph.threads() && me.done < graph.thread(me.id).size();
  if (is_recorded) return;
  if (const auto first = me.spin.recurs(me.caller, me.stack_top())) park(me, *first, "spins");
}

void Execution::wait_for_change(Thread& me, std::size_t first, const char* waits_for) {
  park(me, first, waits_for);
  take_turn(me);
}

void Execution::park(Thread& me, std::size_t first, const char* waits_for) {
  const bool can_be_woken = strategy_->park(me.id, first);
  me.done = static_cast<std::uint32_t>(strategy_->done(me.id));  // it may have taken an event back
  me.parked_since = first;
  me.waits_for = waits_for;
  if (recorder_ != nullptr) me.waits_where = backtrace_of(me);
  not_able(me, Thread::State::parked);
  if (can_be_woken) parked_ |= ThreadSet{1} << me.id;
}

void Execution::wake_parked() {
  for (ThreadSet left = parked_; left != 0; left &= left - 1) {
    Thread& thread = *threads_[static_cast<std::size_t>(std::countr_zero(left))];
    if (sees_all(strategy_->graph(), thread.id, thread.parked_since)) continue;
    parked_ &= ~(ThreadSet{1} << thread.id);
    able(thread);
  }
}

/// Nobody can go on: is that the end, or a deadlock, or will another execution go on from here?
void Execution::finish_without_able(Thread& me) {
  if (is_discarded_) finish(Ending::discarded);
  bool is_over = true;
  Thread* spinning = nullptr;
  Thread* waiting = nullptr;
  for (ThreadSet left = used_; left != 0; left &= left - 1) {
    Thread& thread = *threads_[static_cast<std::size_t>(std::countr_zero(left))];
    if (thread.state == Thread::State::ended) continue;
    is_over = is_over && thread.is_detached;
    if (thread.state == Thread::State::parked) {
      if (!sees_all(strategy_->graph(), thread.id, thread.parked_since)) finish(Ending::blocked);
      spinning = &thread;
    } else {
      waiting = &thread;
    }
  }
  if (is_over) {
    if (options_.find_leaks) check_for_leaks(me);
    finish(Ending::complete);
  }
  if (recorder_ != nullptr) record_waiting();
  if (spinning != nullptr) {
    const bool is_loop = std::string_view(spinning->waits_for) == "spins";
    if (is_loop)
      fail(*spinning, Wrong::livelock,
           "a thread spins for ever: no write is left that it could see");
    fail(*spinning, Wrong::deadlock, std::string("a thread ") + spinning->waits_for + " for ever");
  }
  fail(waiting != nullptr ? *waiting : me, Wrong::deadlock, "threads wait for each other's end");
}

// Threads

Thread* Execution::create(Thread& me, void* (*start)(void*), void* argument, bool is_detached) {
  me.spin.changed();
  take_turn(me);
  const std::size_t id = guarded(me, [&] { return strategy_->create(me.id); });
  if (id >= max_threads) return nullptr;
  did(me);
  Thread& created = prepare(id, start, argument);
  created.is_detached = is_detached;
  created.hb = me.hb;
  able(created);
  created.state = Thread::State::created;
  return &created;
}

void* Execution::join(Thread& me, Thread& joined) {
  if (joined.is_joined) fail(me, Wrong::bad_join, "join of a thread that was joined before");
  if (joined.is_detached) fail(me, Wrong::bad_join, "join of a detached thread");
  joined.is_joined = true;
  me.spin.changed();
  if (joined.state != Thread::State::ended) {
    me.joined_thread = joined.id;
    if (recorder_ != nullptr) me.waits_where = backtrace_of(me);
    not_able(me, Thread::State::joining);
  }
  take_turn(me);
  guarded(me, [&] { strategy_->join(me.id, joined.id); });
  did(me);
  return joined.returned;
}

void Execution::detach(Thread& me, Thread& detached) {
  if (detached.is_joined) fail(me, Wrong::bad_join, "detach of a thread that was joined before");
  if (detached.is_detached) fail(me, Wrong::bad_join, "detach of a detached thread");
  detached.is_detached = true;
}

void Execution::end(Thread& me, void* returned) {
  if (me.id != 0) {
    take_turn(me);
    guarded(me, [&] { strategy_->end(me.id); });
    did(me);
  }
  me.returned = returned;
  not_able(me, Thread::State::ended);
  for (ThreadSet left = used_; left != 0; left &= left - 1) {
    Thread& thread = *threads_[static_cast<std::size_t>(std::countr_zero(left))];
    if (thread.state == Thread::State::joining && thread.joined_thread == me.id) able(thread);
  }
  go_to(me, choose_next(me));
  __builtin_unreachable();
}

Thread* Execution::find(pthread_t pthread) const noexcept {
  for (ThreadSet left = used_; left != 0; left &= left - 1) {
    Thread* const thread = threads_[static_cast<std::size_t>(std::countr_zero(left))].get();
    if (pthread_equal(thread->home.pthread(), pthread) != 0) return thread;
  }
  return nullptr;
}

// What the program says to the checker

int Execution::choose(Thread& me, int n) {
  me.spin.changed();
  take_turn(me);
  const std::size_t chosen =
      guarded(me, [&] { return strategy_->choose(me.id, static_cast<std::size_t>(n)); });
  did(me);
  return static_cast<int>(chosen);
}

void Execution::note_outcome(std::string_view text) {
  if (!outcome_.empty()) outcome_ += ' ';
  outcome_ += text;
}

}  // namespace lockstep::check
