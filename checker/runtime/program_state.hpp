// checker/runtime/program_state.hpp: the program and what the runtime knows of it, at a point where no thread runs,
// kept so that it can be put back.
//
// Kept are, of each thread that has begun and not ended: its stack, with what earlier calls have left there as
// far down as a fresh run would know of; the stack of the hook that it is in; its thread-locals and its errno. Of all
// threads: their heaps and what the runtime keeps of them. Beside that the cells of the memory that was touched, the
// atomic objects, and the globals that were changed, also by libraries (globals.hpp). Not kept is what only the C library
// knows: a state is not taken once an execution has called what changes that (hooks/remembered.cpp).
//
// Why copies of bytes do: addresses are the same in each execution (arena.hpp), and frames of the runtime in which a
// thread may be left own no memory, because a run that ends leaves them as they are.
// Checked by: tests/checker/kept_states_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "checker/machine/undo_log.hpp"
#include "checker/runtime/keys.hpp"
#include "checker/runtime/locations.hpp"
#include "checker/runtime/shadow.hpp"
#include "checker/runtime/thread.hpp"

namespace lockstep::check {

/// Pieces of memory, where they are and what they hold.
class Pieces {
 public:
  void clear() noexcept { used_ = 0; }
  void keep(std::uintptr_t address, std::size_t size);
  void put_back() const noexcept;

 private:
  struct Head {
    std::uintptr_t address;
    std::size_t size;
  };
  void grow(std::size_t least);

  std::unique_ptr<unsigned char[]> bytes_;  // each piece behind its head
  std::size_t used_ = 0;
  std::size_t room_ = 0;
};

/// Of one thread.
class ThreadState {
 public:
  void keep(const Thread& thread, Pieces& memory);
  /// But for the pieces of memory, which come after it.
  void put_back(Thread& thread) const;

 private:
  [[nodiscard]] static bool has_memory(const ThreadProgress& progress) noexcept {
    return progress.state != Thread::State::ended;
  }

  ThreadProgress progress_;
  bool has_belongings_ = false;
  ThreadBelongings belongings_;
  Heap::State heap_;
  std::uintptr_t lowest_stack_ = 0;
  std::uintptr_t lowest_kept_ = 0;
  int error_ = 0;
};

/// Of the threads' turns.
struct Turns {
  ThreadSet able = 0;
  ThreadSet parked = 0;   // those that may be woken
  ThreadSet waiting = 0;  // barred or asleep
  ThreadSet in_call = 0;  // in the middle of a call that nothing may come between
  ThreadSet used = 0;
  Thread* running = nullptr;
  bool is_discarded = false;  // an assumption of a thread does not hold
  bool is_cut = false;        // a thread had as many events as it may
  bool has_exited = false;    // a thread called exit: nobody need come to an end any more
  bool is_given_up = false;   // those who are barred have tried
};

struct ProgramState {
  Turns turns;
  std::string outcome;
  Keys keys;
  Pieces memory;
  std::vector<ThreadState> threads;  // those that are used, by number
  std::vector<Locations::Kept> locations;
  Shadow::State shadow;
  UndoLog::State globals;
};

}  // namespace lockstep::check
