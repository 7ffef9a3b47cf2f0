// checker/runtime/threads.cpp: the creation, end and join of the threads of the program.
#include <string>

#include "checker/runtime/execution.hpp"

namespace lockstep::check {

Thread* Execution::create(Thread& me, void* (*start)(void*), void* argument, bool is_detached) {
  me.spin.changed();
  take_turn(me);
  const std::size_t like = me.creates_identical ? me.identical : 0;
  const std::size_t id = guarded(me, [&] { return strategy_->create(me.id, like); });
  if (id >= max_threads) return nullptr;
  me.identical = id;
  did(me);
  Thread& created = prepare(id, start, argument);
  created.is_detached = is_detached;
  created.blocked_signals = me.blocked_signals;
  created.hb = me.hb;
  able(created);
  created.state = Thread::State::created;
  return &created;
}

/// A walk makes no difference between permutations.
void Execution::begin_identical_threads(Thread& me) {
  me.creates_identical = options_.symmetry && options_.random_walks == 0 && options_.replay.empty();
  me.identical = 0;
  limited_.permutations = limited_.permutations || me.creates_identical;
}

void* Execution::join(Thread& me, Thread& joined) {
  if (joined.is_joined) fail(me, Wrong::bad_join, "join of a thread that was joined before");
  if (joined.is_detached) fail(me, Wrong::bad_join, "join of a detached thread");
  joined.is_joined = true;
  me.spin.changed();
  if (joined.state != Thread::State::ended) {
    me.joined_thread = joined.id;
    joined.joiner = &me;
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
  me.spin.changed();  // takes no room in states that are kept from here on
  me.returned = returned;
  not_able(me, Thread::State::ended);
  if (me.joiner != nullptr && me.joiner->state == Thread::State::joining) able(*me.joiner);
  go_to(me, choose_next(me));
  __builtin_unreachable();
}

Thread* Execution::find(pthread_t pthread) const noexcept {
  const auto address = static_cast<std::uintptr_t>(pthread);  // of what it keeps at home
  if (!arena::contains(address)) return nullptr;
  const std::size_t id = arena::slot_of(address);
  if ((turns_.used >> id & 1) == 0 || pthread_equal(threads_[id]->home.pthread(), pthread) == 0)
    return nullptr;
  return threads_[id].get();
}

}  // namespace lockstep::check
