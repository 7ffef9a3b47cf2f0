// checker/runtime/team.hpp: worker processes that search parts of one tree.
//
// A process whose search has work to spare, when fewer than `jobs` processes are searching, forks one that
// does a part of it. The worker has the memory of its parent: the program, the search, the modelled threads'
// stacks and thread-locals (whose parked threads it does not have, and does not need). It may have workers of
// its own. When it and all of these are done, it writes what it found into a file in memory and exits; its
// parent, which looks now and then, adds that to its own.
//
// A worker that ends without having written all has died: killed, or out of memory. With it die its own
// workers (PR_SET_PDEATHSIG). Its parent still has the part, and does it itself. So what is
// found does not depend on who found it.
//
// Shared by all processes: how many may begin (`idle`), whether to stop, and a record for each, which its own
// process writes. A record is taken by the parent before it forks, and is free again when the parent
// has added what was found. Those of a dead worker and of its workers are lost instead: one of these may
// still be about to write there.
//
//   free    -> working  [begin_worker, by the parent]
//   working -> waiting  [wait: its own part is done, those of its workers may not be; idle + 1]
//   waiting -> working  [wait: a part of a dead worker is to be done; idle - 1]
//   waiting -> free     [collect, by the parent]
//   any     -> lost     [collect, by whoever notices the death; idle + 1 if it was working]
//
// Orders: what a process does is known to the one that forked it by what it wrote and by its end, which is the
// kernel's doing. What is shared beside are counts, for which relaxed is enough, and
//   (1) release, free_record   pairs with (2): a record that is taken has, until its parent is noted, the first
//                              process as its parent, which is never lost. With the one before it might be lost
//                              though nobody has died.
//   (2) acquire, lose_orphans  pairs with (1), also by way of changes of the state in between
//   (3) release, stop, acquire, is_stopped: who sees that all are to stop sees that they begin anew.
// Checked by: tests/checker/jobs_test.cpp
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/explore/search.hpp"
#include "lockstep/check.hpp"

namespace lockstep::check {

class Team {
 public:
  /// Of the calling process alone, so far.
  explicit Team(unsigned jobs);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  [[nodiscard]] bool is_worker() const noexcept { return me_ != 0; }

  // Of all processes together.
  void stop() noexcept;
  /// The same, and each is to tell what it leaves undone.
  void pause() noexcept;
  [[nodiscard]] bool is_paused() const noexcept {
    return shared_->is_paused.load(std::memory_order_relaxed);
  }
  [[nodiscard]] bool is_stopped() const noexcept;
  /// Stops: what was found so far does not count, and the first process begins anew.
  void renew() noexcept;
  [[nodiscard]] bool is_renewed() const noexcept {
    return shared_->is_renewed.load(std::memory_order_relaxed);
  }
  void begin_anew() noexcept;
  /// Execution::Limited that were met with.
  void note_limits(unsigned bits) noexcept {
    shared_->limits.fetch_or(bits, std::memory_order_relaxed);
  }
  [[nodiscard]] unsigned limits() const noexcept {
    return shared_->limits.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t runs() const noexcept;
  [[nodiscard]] std::chrono::microseconds time() const noexcept;

  // Of this process.
  void note_run() noexcept { mine().runs.fetch_add(1, std::memory_order_relaxed); }
  void note_time(std::chrono::microseconds spent) noexcept {
    mine().time.store((spent + collected_time_).count(), std::memory_order_relaxed);
  }

  /// May another process begin? Not soon after the last: a part that is done at once is not worth a process. (How soon, in
  /// milliseconds, LOCKSTEP_WORKERS_APART says in the environment, which is for tests.)
  [[nodiscard]] bool wants_work() const noexcept;
  /// Begins one that does the part. True: this is the new process. If there can be none, the part is kept for wait().
  [[nodiscard]] bool begin_worker(const Search::Part& part);
  /// Keeps a part for wait().
  void add(Search::Part part) { undone_.push_back(std::move(part)); }
  /// After wait(), if all were stopped: the parts that are to be done yet, and what workers left undone, as they packed it.
  [[nodiscard]] std::vector<Search::Part> take_undone() { return std::exchange(undone_, {}); }
  [[nodiscard]] std::vector<std::string> take_rests() { return std::exchange(rests_, {}); }
  /// Adds to `result` what workers found that have ended since.
  void collect(Result& result);
  /// The own part is done. Waits for the workers, calling `meanwhile` now and then; returns a part that has to
  /// be done here after all, if there is one.
  [[nodiscard]] std::optional<Search::Part> wait(Result& result,
                                                 const std::function<void()>& meanwhile);
  /// The parts that this process gave away or has to do yet: as if nothing had been done of them.
  [[nodiscard]] std::vector<const Search::Part*> parts() const;
  /// The executions that were not in these.
  [[nodiscard]] std::uint64_t own_runs() const noexcept {
    return mine().runs.load(std::memory_order_relaxed);
  }
  /// The end of a worker.
  [[noreturn]] void report(const Result& found, const std::vector<std::string>& rests) const;

 private:
  enum class State : int { free, working, waiting, lost };
  struct Record {
    std::atomic<State> state{State::free};
    std::atomic<std::size_t> parent{0};
    std::atomic<std::uint64_t> runs{0};  // its own, and those of its workers that ended
    std::atomic<std::int64_t> time{0};   // microseconds, likewise
  };
  struct alignas(Record) Shared {  // the records stand behind it
    std::atomic<int> idle{0};      // how many more processes may search
    std::atomic<bool> is_stopped{false};
    std::atomic<bool> is_paused{false};
    std::atomic<bool> is_renewed{false};
    std::atomic<unsigned> limits{0};
  };
  struct Worker {
    pid_t pid = -1;
    std::size_t record = 0;
    int found = -1;  // the file in memory
    Search::Part part;
  };

  [[nodiscard]] Record& mine() const noexcept { return records_[me_]; }
  [[nodiscard]] bool take_idle() noexcept;
  [[nodiscard]] std::optional<std::size_t> take_record() noexcept;
  void free_record(std::size_t record) noexcept;
  void let_one_more_begin() noexcept { shared_->idle.fetch_add(1, std::memory_order_relaxed); }
  [[nodiscard]] static bool change(Record& record, State from, State to) noexcept;
  void become_worker(std::size_t record, int found, pid_t parent);
  void add_found(Worker& worker, Result& result);
  void mark_lost(Record& record) noexcept;
  void lose(std::size_t record) noexcept;
  void lose_orphans() noexcept;

  const std::size_t count_;  // of records
  Shared* shared_ = nullptr;
  Record* records_ = nullptr;
  std::size_t me_ = 0;  // which record
  int found_ = -1;      // a worker's file
  std::vector<Worker> workers_;
  std::vector<Search::Part> undone_;  // that are to be done here
  std::vector<std::string> rests_;
  std::chrono::microseconds collected_time_{0};
  const std::chrono::milliseconds between_workers_;
  std::chrono::steady_clock::time_point last_begun_;
};

}  // namespace lockstep::check
