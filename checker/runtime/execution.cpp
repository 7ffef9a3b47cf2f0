#include "checker/runtime/execution.hpp"

#include <limits.h>
#include <sys/stat.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
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

void Execution::destroy_thread_locals(Thread& me) {
  while (!me.destructors.empty()) {
    const auto [destroy, object] = me.destructors.back();
    {
      const NativeScope native;
      me.destructors.pop_back();
    }
    destroy(object);
  }
}

void Execution::leave_thread(Thread& me, void* returned) {
  destroy_thread_locals(me);
  // A destructor may set a value again; after some rounds POSIX leaves it at that.
  for (std::size_t left = PTHREAD_DESTRUCTOR_ITERATIONS * 32; left > 0; --left) {
    std::pair<Destroy, void*> last;
    {
      const NativeScope native;
      last = instance().keys().take_one(me);
    }
    if (last.first == nullptr) break;
    last.first(last.second);
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
  if (const auto number = strategy.goes_on_from()) {
    put_back(states_[*number]);
  } else {
    Thread& first = prepare(0, &ThreadStart::program, nullptr);
    able(first);
    turns_.running = &first;
  }
  explorer_thread_pointer_ = lockstep_thread_pointer();
  for (;;) {
    const Thread& next = *turns_.running;
    lockstep_switch(&explorer_, &next.context, next.home.thread_pointer());
    if (!to_keep_) break;
    keep(states_[*to_keep_]);
    to_keep_.reset();
  }
  turns_.running = nullptr;
  opened_.close_all();
  undo_log_.undo();
  globals_.put_back();
  return ending_;
}

/// Not if there are threads which may change them: what these do is not to be undone.
void Execution::find_globals(std::uintptr_t frames) {
  const auto homes = std::count_if(threads_.begin(), threads_.end(),
                                   [](const auto& thread) { return thread != nullptr; });
  struct stat threads{};
  const bool is_known = stat("/proc/self/task", &threads) == 0;  // 2 links more than threads
  if (is_known && std::cmp_less_equal(threads.st_nlink, 2 + 1 + homes)) globals_.find(frames);
}

void Execution::begin(Strategy& strategy, Recorder* recorder) {
  strategy_ = &strategy;
  recorder_ = recorder;
  for (const std::size_t id : Members(turns_.used)) {
    threads_[id]->state = Thread::State::absent;
  }
  turns_ = {};
  has_changed_c_library_ = false;
  wrong_ = Wrong::nothing;
  what_.clear();
  failed_thread_ = max_threads;
  failed_call_ = 0;
  plain_accesses_ = 0;
  outcome_.clear();
  keys_.clear();
  histories_.begin_execution();
  shadow_.begin_execution();
  locations_.begin_execution();
  reading_ = nullptr;
  strategy.foresee_by(this);
  strategy.begin_run();
  graph_ = &strategy.graph();
}

Thread& Execution::prepare(std::size_t id, void* (*start)(void*), void* argument) {
  auto& thread = threads_[id];
  if (!thread) {
    arena::open(id);
    thread = std::make_unique<Thread>(id);
  }
  turns_.used |= ThreadSet{1} << id;
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

void Execution::discard(Thread& me) {
  turns_.is_discarded = true;
  stop(me);
}

void Execution::fail(Thread& me, Wrong wrong, std::string what) {
  wrong_ = wrong;
  what_ = std::move(what);
  failed_thread_ = me.id;
  failed_call_ = me.call;
  if (recorder_ != nullptr) {
    recorder_->finding.thread = me.id;
    recorder_->finding.where = backtrace_of(me);
  }
  finish(Ending::wrong);
}

// What the program says to the checker

int Execution::choose(Thread& me, int n) {
  return static_cast<int>(choose_among(me, static_cast<std::size_t>(n), ""));
}

void Execution::exit(Thread& me) {
  turns_.has_exited = true;
  stop(me);
}

void Execution::note_outcome(std::string_view text) {
  if (!outcome_.empty()) outcome_ += ' ';
  outcome_ += text;
}

history::Performed& Execution::note_call(Thread& me, history::Recorded& recorded,
                                         std::string_view name) {
  me.spin
      .changed();  // else what a loop that waits records would depend on when it is found to be one
  history::Performed& performed = histories_.call(me, recorded, name);
  if (recorder_ != nullptr) {
    performed.where = backtrace_of(me);
    performed.events_at_call = recorder_->finding.order.size();
  }
  return performed;
}

void Execution::note_return(Thread& me, history::Performed& performed) {
  me.spin.changed();
  histories_.come_back(me, performed);
  if (recorder_ == nullptr) return;
  performed.response.is_reported = true;
  performed.events_at_return = recorder_->finding.order.size();
}

/// At the end of an execution: could a sequential object have done what was recorded?
void Execution::check_histories(Thread& me) {
  std::unique_ptr<NotLinearizable> found;
  try {
    found = histories_.check();
  } catch (const std::exception& thrown) {
    fail(me, Wrong::unsupported,
         std::string("a step on a reference object throws (lockstep/linearizability.hpp): ") +
             thrown.what());
  } catch (...) {
    fail(me, Wrong::unsupported,
         "a step on a reference object throws (lockstep/linearizability.hpp)");
  }
  if (found == nullptr) return;
  if (recorder_ != nullptr) recorder_->finding.not_linearizable = std::move(*found);
  fail(me, Wrong::not_linearizable,
       "not linearizable: in no order does the reference object allow these operations their "
       "results");
}

void Execution::name(const Thread& thread, const char* name) {
  if (recorder_ != nullptr) recorder_->finding.threads[thread.id] = name;
}

void Execution::print(const Thread& me, std::string_view text) {
  if (recorder_ != nullptr) recorder_->print(me, text);
}

}  // namespace lockstep::check
