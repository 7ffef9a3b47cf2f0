// lockstep/wait/ready.hpp: something that can go on, and where it does so if nobody else sees to it.
//
// A Ready is a link of a list, so putting it into line for its turn allocates nothing. A coroutine
// that waits has one in its frame.
//
// Whoever wakes a coroutine without a scheduler resumes it (`run_here`): at once, or, while the
// thread is resuming another one in this way already, when that one has suspended or ended. So
// coroutines that hand on a lock to each other a million times do it in constant stack: each is
// resumed by the loop of the outermost call, none by another.
//
// Checked by: tests/unit/await_test.cpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <coroutine>
#include <utility>

namespace lockstep::wait {

/// Something to be run once. It must stay where it is until then.
class Ready {
 public:
  explicit constexpr Ready(void (*run)(Ready&) noexcept) noexcept : run_(run) {}
  Ready(const Ready&) = delete;
  Ready& operator=(const Ready&) = delete;

  /// Goes on. It may be gone when this returns.
  void run() noexcept { run_(*this); }

  /// The coroutine that goes on, if it is one, for a scheduler that knows only those.
  [[nodiscard]] std::coroutine_handle<> handle() const noexcept { return handle_; }
  void set_handle(std::coroutine_handle<> handle) noexcept { handle_ = handle; }

  /// Is it in a list?
  [[nodiscard]] bool is_listed() const noexcept { return listed_; }

 private:
  friend class ReadyList;

  Ready* next_;  // these two mean something in a list only
  Ready* previous_;
  void (*run_)(Ready&) noexcept;
  std::coroutine_handle<> handle_;
  bool listed_ = false;
};

/// A FIFO of them.
class ReadyList {
 public:
  constexpr ReadyList() noexcept = default;
  ReadyList(const ReadyList&) = delete;
  ReadyList& operator=(const ReadyList&) = delete;

  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }

  void push_back(Ready& ready) noexcept {
    ready.listed_ = true;
    ready.next_ = nullptr;
    ready.previous_ = last_;
    (last_ == nullptr ? first_ : last_->next_) = &ready;
    last_ = &ready;
  }

  /// The list must not be empty.
  Ready& pop_front() noexcept {
    Ready& first = *first_;
    erase(first);
    return first;
  }

  /// Takes out one that is in this list.
  void erase(Ready& ready) noexcept {
    (ready.previous_ == nullptr ? first_ : ready.previous_->next_) = ready.next_;
    (ready.next_ == nullptr ? last_ : ready.next_->previous_) = ready.previous_;
    ready.listed_ = false;
  }

  /// Moves all of `others` behind those here, in their order.
  void append(ReadyList& others) noexcept {
    if (others.empty()) return;
    others.first_->previous_ = last_;
    (last_ == nullptr ? first_ : last_->next_) = others.first_;
    last_ = others.last_;
    others.first_ = others.last_ = nullptr;
  }

 private:
  Ready* first_ = nullptr;
  Ready* last_ = nullptr;
};

/// What a thread resumes for want of other schedulers, in this order.
struct Trampoline {
  Ready* next = nullptr;  // mostly there is one at a time, which need not be listed
  ReadyList line;
  bool running = false;

  void add(Ready& ready) noexcept {
    if (next == nullptr && line.empty()) {
      next = &ready;
    } else {
      line.push_back(ready);
    }
  }

  void remove(Ready& ready) noexcept {
    if (next == &ready) {
      next = nullptr;
    } else if (ready.is_listed()) {
      line.erase(ready);
    }
  }

  [[gnu::noinline]] void run_all() noexcept {
    while (Ready* const ready = take()) ready->run();
    running = false;
  }

 private:
  Ready* take() noexcept {
    if (next == nullptr && !line.empty()) return &line.pop_front();
    return std::exchange(next, nullptr);
  }
};
inline constinit thread_local Trampoline trampoline;

/// While it lives, this thread resumes nobody through `run_here`; when the outermost ends, all that were put into
/// line meanwhile. So one who tells several their fates has told all before any of them goes on, and
/// may destroy another.
class PutOff {
 public:
  PutOff() noexcept : outermost_(!trampoline.running) { trampoline.running = true; }
  ~PutOff() {
    if (outermost_) trampoline.run_all();
  }
  PutOff(const PutOff&) = delete;
  PutOff& operator=(const PutOff&) = delete;

 private:
  bool outermost_;
};

/// Runs `ready` on this thread before the outermost such call returns.
inline void run_here(Ready& ready) noexcept {
  trampoline.add(ready);
  if (trampoline.running) return;
  trampoline.running = true;
  trampoline.run_all();
}

/// Forgets one that `run_here` has put into line on this thread.
inline void do_not_run_here(Ready& ready) noexcept { trampoline.remove(ready); }

}  // namespace lockstep::wait
