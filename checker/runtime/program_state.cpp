#include "checker/runtime/program_state.hpp"

#include <algorithm>
#include <cstring>

#include "checker/runtime/granules.hpp"

namespace lockstep::check {

void Pieces::keep(std::uintptr_t address, std::size_t size) {
  if (room_ - used_ < sizeof(Head) + size) grow(used_ + sizeof(Head) + size);
  const Head head{address, size};
  std::memcpy(&bytes_[used_], &head, sizeof head);
  std::memcpy(&bytes_[used_ + sizeof head], pointer(address), size);
  used_ += sizeof head + size;
}

void Pieces::grow(std::size_t least) {
  room_ = std::max(least, room_ * 3 / 2);
  std::unique_ptr<unsigned char[]> bytes(new unsigned char[room_]);
  if (used_ != 0) std::memcpy(bytes.get(), bytes_.get(), used_);
  bytes_ = std::move(bytes);
}

void Pieces::put_back() const noexcept {
  for (std::size_t at = 0; at < used_;) {
    Head head;
    std::memcpy(&head, &bytes_[at], sizeof head);
    std::memcpy(pointer(head.address), &bytes_[at + sizeof head], head.size);
    at += sizeof head + head.size;
  }
}

void ThreadState::keep(const Thread& thread, Pieces& memory) {
  progress_ = thread;
  has_belongings_ = !thread.ThreadBelongings::is_empty();
  if (has_belongings_) belongings_ = thread;
  thread.heap.keep(heap_);
  lowest_stack_ = thread.lowest_stack;
  if (thread.heap.used() != 0) memory.keep(thread.heap.begin(), thread.heap.used());
  if (!has_memory(thread)) return;
  const auto context = reinterpret_cast<std::uintptr_t>(thread.context.stack_pointer);
  const bool is_in_entry = !thread.is_on_stack(context);  // of a hook, on the stack for hooks
  lowest_kept_ =
      std::min(lowest_stack_, is_in_entry ? thread.caller.stack_pointer - entry_frame : context);
  memory.keep(lowest_kept_, thread.stack_top() - lowest_kept_);
  if (is_in_entry) memory.keep(context, arena::hook_stack_top(thread.id) - context);
  for (const Home::Image& image : thread.home.images()) {
    memory.keep(reinterpret_cast<std::uintptr_t>(image.block), image.size);
  }
  error_ = thread.home.error();
}

/// What other executions left on its stack further down is not of this one.
void ThreadState::put_back(Thread& thread) const {
  static_cast<ThreadProgress&>(thread) = progress_;
  if (has_belongings_) {
    static_cast<ThreadBelongings&>(thread) = belongings_;
  } else if (!thread.ThreadBelongings::is_empty()) {
    static_cast<ThreadBelongings&>(thread).clear();
  }
  thread.heap.put_back(heap_);
  thread.random.begin_execution();
  if (!has_memory(progress_)) {
    thread.lowest_stack = std::min(thread.lowest_stack, lowest_stack_);
    return;
  }
  if (thread.lowest_stack < lowest_kept_) {
    std::memset(pointer(thread.lowest_stack), 0, lowest_kept_ - thread.lowest_stack);
  }
  thread.lowest_stack = lowest_stack_;
  thread.home.error() = error_;
}

}  // namespace lockstep::check
