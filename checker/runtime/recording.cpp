// checker/runtime/recording.cpp: what a run with a recorder says of how it went wrong.
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "checker/runtime/execution.hpp"

namespace lockstep::check {
namespace {

const char* kind_of(const Event& event) {
  if (event.is_update || event.is_rmw) return "updates atomically";
  return event.kind == Kind::write ? "stores atomically" : "loads atomically";
}

std::string hexadecimal(std::uintptr_t value) {
  char text[2 + 16 + 1];
  std::snprintf(text, sizeof text, "0x%lx", static_cast<unsigned long>(value));
  return text;
}

}  // namespace

std::string Execution::name_of(std::uintptr_t address) const {
  if (!arena::contains(address)) return {};  // a global, of which the symbol table knows more
  const std::size_t slot = arena::slot_of(address);
  const std::string owner = " of thread " + std::to_string(slot);
  if (arena::is_stack(address)) return hexadecimal(address) + " (stack" + owner + ')';
  if (!arena::is_heap(address)) return hexadecimal(address) + " (thread-local" + owner + ')';
  const Block* const block = find_block(address);
  if (block == nullptr) return hexadecimal(address) + " (not allocated)";
  const std::size_t offset = address - block->address;
  return hexadecimal(block->address) + (offset == 0 ? "" : "+" + std::to_string(offset)) +
         " (heap" + owner + ", byte " + std::to_string(offset) + " of " +
         std::to_string(block->size) + ')';
}

void Execution::record_waiting() {
  for (const std::size_t id : Members(turns_.used)) {
    record_waiting(*threads_[id]);
  }
}

void Execution::record_waiting(const Thread& thread) {
  Waiting waiting{.thread = thread.id, .for_what = {}, .where = thread.waits_where};
  switch (thread.state) {
    case Thread::State::joining:
      waiting.for_what = "waits for the end of thread " + std::to_string(thread.joined_thread);
      waiting.joined = thread.joined_thread;
      break;
    case Thread::State::asleep:
      waiting.since = thread.since;
      waiting.missed = last_wake_before_sleep(thread);
      [[fallthrough]];
    case Thread::State::parked:
    case Thread::State::barred:
      waiting.for_what = thread.awaits.what;
      record_object(thread, waiting);
      break;
    default:
      return;
  }
  recorder_->finding.waiting.push_back(std::move(waiting));
}

/// What it waits for, if that is an object, and who has it: rather another than the thread itself.
void Execution::record_object(const Thread& thread, Waiting& waiting) const {
  if (thread.awaits.object == 0) return;
  waiting.object = thread.awaits.object;
  waiting.name = name_of(waiting.object);
  for (const std::size_t id : Members(turns_.used)) {
    for (const Held& held : threads_[id]->held) {
      if (held.object != waiting.object) continue;
      if (id == thread.id && waiting.holder != max_threads) continue;
      waiting.holder = id;
      waiting.held_since = held.since;
    }
  }
}

/// Of a sleeper: the last wake of its queue that came before it. None, which is_initial() tells: there was
/// none.
EventId Execution::last_wake_before_sleep(const Thread& thread) const {
  const Graph& graph = *graph_;
  const Location queue = graph[thread.since].location;
  const std::size_t mine = graph.place(graph[Graph::read_half(thread.since)].rf);
  EventId last;
  for (const EventId wake : graph.reads(queue)) {
    const bool is_before = graph.place(graph[wake].rf) <= mine;
    const bool is_others = wakes(graph[wake].role) && wake.thread != thread.id;
    const bool is_later = last.is_initial() || graph[wake].nth > graph[last].nth;
    if (is_others && is_before && is_later) last = wake;
  }
  return last;
}

/// Does it sleep though its futex has changed, or though a condition variable was signalled when nobody
/// waited?
bool Execution::has_missed_wake(const Thread& thread) const {
  const Graph& graph = *graph_;
  const EventId sleep = Graph::read_half(thread.since);
  if (graph[sleep].role == Role::sleeps) {
    const Event& word = graph[{sleep.thread, static_cast<std::uint16_t>(sleep.index - 1)}];
    return graph.last_value(word.location) != word.value;
  }
  const EventId wake = last_wake_before_sleep(thread);
  return !wake.is_initial() && !graph[wake].is_rmw;
}

/// Are the accesses to this address written down? If not, they should be the next time.
bool Execution::is_recording(std::uintptr_t address) noexcept {
  if (recorder_ == nullptr) return false;
  recorder_->wanted = address;
  return recorder_->about != 0;
}

void Execution::record_allocation(const Block& block) {
  if (const PlainAccess* const made = recorder_->find_block(block.address, "allocates")) {
    recorder_->finding.accesses.push_back(*made);
  }
}

void Execution::record_freed(const Thread& me, std::uintptr_t address, std::size_t size,
                             const char* use) {
  const Block* const block = find_block(address);
  if (block == nullptr) return;
  if (const PlainAccess* const freed = recorder_->find_block(block->address, "frees")) {
    recorder_->finding.accesses.push_back(*freed);
  }
  recorder_->access(me, address, size, true, use);
  recorder_->finding.accesses.push_back(*recorder_->last());
}

void Execution::record_race(Thread& me, std::uintptr_t address, const Trace& other) {
  Finding& finding = recorder_->finding;
  const std::uintptr_t granule = address & ~std::uintptr_t{7};
  const auto atomic = [&](std::size_t thread, std::size_t index) {
    const EventId id{static_cast<std::uint16_t>(thread), static_cast<std::uint16_t>(index)};
    const Event& event = (*graph_)[id];
    PlainAccess access{
        thread,         index + 1, granule,         8, event.kind == Kind::write, true,
        kind_of(event), {},        name_of(granule)};
    for (const Step& step : finding.steps) {
      if (step.event == id) access.where = step.where;
    }
    return access;
  };
  if (other.bytes() == 0) {
    finding.accesses.push_back(atomic(other.thread(), other.after()));
  } else if (const PlainAccess* const first =
                 recorder_->find(other.thread(), other.after(), granule, 8, other.is_write())) {
    finding.accesses.push_back(*first);
  }
  const PlainAccess* const last = recorder_->last();
  const bool is_plain = last != nullptr && last->thread == me.id && last->after == me.done &&
                        last->where.front() == me.call;
  finding.accesses.push_back(is_plain ? *last : atomic(me.id, me.done - 1));
}

}  // namespace lockstep::check
