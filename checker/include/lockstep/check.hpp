// lockstep/check.hpp: run ordinary C++ under every execution that the memory model allows.
//
//   const auto result = lockstep::check::explore([] {
//     std::atomic<bool> ready{false};
//     int payload = 0;
//     std::thread producer([&] { payload = 42; ready.store(true, std::memory_order_release); });
//     if (ready.load(std::memory_order_acquire)) lockstep::check::require(payload == 42);
//     producer.join();
//   });
//   EXPECT_TRUE(result.passed()) << result;
//
// A program that includes this links with lockstep::checker (CMake), which also compiles it with the
// instrumentation that makes its atomics and its plain accesses visible.
#pragma once

#include "lockstep/check/requirements.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace lockstep::check {

/// Which executions are possible.
enum class MemoryModel : std::uint8_t {
  rc11,  ///< C++20 without load buffering
  sc,    ///< one interleaving, whatever orders the program names
  tso    ///< x86
};

/// How far an exploration has come.
struct Progress {
  std::uint64_t executions = 0;  ///< so far, also those that are blocked or cut short
  /// Since the exploration began.
  std::chrono::microseconds elapsed{0};
  /// About how many there are in all, by Knuth's estimator: random descents in the tree of the search.
  /// Right on average, and often far too low where a few parts of the tree hold most of it. 0: unknown.
  double estimated = 0;
};

/// How to look for errors, and for how long. A bound of 0 is none.
struct Options {
  /// Which executions there are.
  MemoryModel model = MemoryModel::rc11;
  /// Executions, complete or blocked, after which to stop. Workers may end what they are at.
  std::uint64_t max_executions = 0;
  /// Events (atomic accesses, of which a read-modify-write is two, fences, creations, ends and joins of
  /// threads) of one thread in one execution, which stops there; the others go on. At most 60,000,
  /// which is also what 0 means.
  std::size_t max_events = 1'000;
  /// Processor time, of all workers together, after which to stop. Looked at between executions.
  std::chrono::milliseconds time_limit{0};
  /// If not 0: so many executions chosen at random, instead of all. Each is chosen in a manner of its own: anyone goes on
  /// next, or mostly whoever did before, or by a ranking of the threads that changes a few times; reads see any write,
  /// or mostly the newest or the oldest that they may. So errors come up that take many steps of one thread between
  /// two of another. Every execution can come up; none is known to.
  std::uint64_t random_walks = 0;
  /// What the random walks begin with: the same seed gives the same walks.
  std::uint64_t seed = 1;
  /// How often in one execution a thread's weak compare-exchanges may fail for no reason. What more
  /// failures would lead to is not explored, also where the verdict is `passed`; the same holds for the next two.
  unsigned spurious_failures = 1;
  /// How often in one execution a thread's timed waits may time out; whether they do is explored both
  /// ways. More often than that they wait until they are woken.
  unsigned timeouts = 2;
  /// How often in one execution a thread's waits may end though nobody woke it: those of condition
  /// variables, and of futexes, which return 0 then or fail with EINTR.
  unsigned spurious_wakes = 1;
  /// Memory still allocated when an execution has ended is an error.
  bool find_leaks = false;
  /// Freed memory may be allocated again, which is what ABA bugs take. An allocation then gets either fresh
  /// memory or, each in another execution, a block of about its size (both take as many times 16 bytes) of which
  /// the free happens before it: one of the four last that its own thread freed, or else other threads.
  /// Without it each use of freed memory is found; with it as well, in the executions without reuse. Each
  /// allocation after a free multiplies the executions.
  bool reuse_memory = false;
  /// Of the executions that are permutations of identical threads (in_identical_threads), one is explored.
  /// False: all of them.
  bool symmetry = true;
  /// Only the execution that this token names, as a report prints it.
  std::string replay;
  /// With `replay`: Result::report shows the execution even if nothing is wrong with it.
  bool explain = false;
  /// Files for the execution that Result::report shows: a page for a browser, which can be read without a network; and a
  /// graph for Graphviz (dot -Tsvg). Written if there is one. Result::drawings names them, or says why there is none.
  /// If the environment has LOCKSTEP_REPORT_DIR, each wrong execution is also a page in that folder, which is made
  /// if need be: Suite_Name.html if a test of GoogleTest found it, else named after the program.
  std::string html;
  std::string dot;  ///< the second of these
  /// For the page: a command that repeats an execution, "{token}" in place of its token. Nothing: the command line of
  /// this process, with LOCKSTEP_REPLAY.
  std::string repeat;
  /// Result::report leaves out nothing of a long execution. So also if LOCKSTEP_FULL_REPORT is set in the environment.
  bool full_report = false;
  /// After an error: so many executions more, at most, in search of a shorter one with the same error, which is then the one that is
  /// reported: with fewer events, and of those with as many, with fewer changes from one thread to another. They are not counted.
  std::uint64_t shrinking = 500;
  /// A file to which an exploration that ends before it is done (max_executions, time_limit, Ctrl-C) writes where it was, for
  /// `resume`. Empty: the file of `resume`; or else, after Ctrl-C only, the program's name with `.lockstep`. Not for
  /// random walks.
  std::string save;
  /// Goes on where the exploration was that wrote this file, with the same program and the same options but for bounds,
  /// `jobs` and what is only about reporting. The counts are those of both together; bounds count from here. So also
  /// if LOCKSTEP_RESUME is set in the environment, but for random walks and replays. As with `jobs`, what is blocked may be
  /// more than in one go.
  std::string resume;
  /// Processes that explore at the same time, each a part of the executions. Counts, outcomes and the verdict
  /// are those of one; of several errors another may be the first. Not for random walks.
  unsigned jobs = 1;
  /// A program with a main(): `exit`, or the return of the first thread, ends it. Threads that can
  /// then not go on are no deadlock.
  bool is_whole_program = false;
  /// How many values __VERIFIER_nondet_int() and its like have: 0, 1, ...
  int nondet_values = 2;
  /// Called between executions, in the process that called explore(), if progress_interval has passed since the last time
  /// or the beginning.
  std::function<void(const Progress&)> on_progress;
  /// 0: after each execution of that process.
  std::chrono::milliseconds progress_interval{250};
  /// For those who doubt the checker: remembers each execution graph, and aborts if one comes twice.
  bool refuse_duplicates = false;
};

/// What can be said of a program.
enum class Verdict : std::uint8_t {
  passed,   ///< every execution was explored (within Result::limits), none is wrong
  bounded,  ///< no error within the bounds, which were met, or in the random walks
  failed,   ///< an execution is wrong
  refused   ///< the program does something that cannot be checked
};

/// What is wrong with an execution.
enum class Wrong : std::uint8_t {
  nothing,
  data_race,    ///< two threads use a variable, one of them to write, and nothing orders them
  requirement,  ///< require, assert
  uncaught_exception,  ///< of a thread, or of the program that was given to `explore`
  aborted,             ///< abort, std::terminate
  crash,               ///< null or wild access, arithmetic
  use_after_free,
  bad_free,              ///< double, or of what was not allocated
  leak,                  ///< Options::find_leaks
  deadlock,              ///< a thread waits for ever for something that nobody will do
  livelock,              ///< a thread runs in a loop for ever
  bad_join,              ///< of a thread joined or detached before, or of itself
  misuse,                ///< of a mutex or the like: unlocked by one who does not have it, ...
  uninitialized_atomic,  ///< read before anything was stored in it
  not_linearizable,      ///< lockstep/linearizability.hpp
  unsupported            ///< not wrong, but not to be checked
};

/// What came of an exploration.
struct Result {
  Verdict verdict = Verdict::passed;      ///< what can be said
  Wrong wrong = Wrong::nothing;           ///< what is wrong with the execution of `report`
  MemoryModel model = MemoryModel::rc11;  ///< as it was asked for
  std::uint64_t executions = 0;           ///< complete ones
  std::uint64_t blocked = 0;  ///< in which a thread waits for what another execution brings
  std::uint64_t cut = 0;      ///< cut short by max_events
  std::size_t longest = 0;    ///< events of the longest execution
  /// Executions that differ only in which of several identical threads did what (in_identical_threads) were counted
  /// as one, here and in `outcomes`, and one of them was explored: an error that is in one is in all of them.
  bool is_up_to_permutation = false;
  std::chrono::microseconds time{0};     ///< of the processor, by all workers
  std::chrono::microseconds elapsed{0};  ///< from the beginning to the end
  std::uint64_t workers = 0;             ///< processes that explored a part (Options::jobs)
  /// Which bound was met, if one was: "max_executions", "time_limit", "max_events", "interrupted"; or why else not all was
  /// looked at: "random walks", "only the execution of the token".
  std::string bound;
  /// If a bound was met: about how many executions there are in all (Progress::estimated). 0: unknown.
  double estimated = 0;
  std::string saved;  ///< if a bound was met: the file for Options::resume, if one was written
  /// Which limits on what each thread may meet with (Options::timeouts and the like) the program came
  /// under, and so also a verdict `passed`: "at most 1 spurious wake, 2 timeouts in a thread". Nothing if none.
  std::string limits;
  /// If failed or refused: what, where, and the execution with what it printed. Of a right execution that
  /// was replayed: what it printed.
  std::string report;
  std::string token;  ///< if failed: for Options::replay
  /// The files that the execution of `report` was drawn in (Options::html and dot, LOCKSTEP_REPORT_DIR), a line each: with why it
  /// could not be written, if so. Nothing if none was asked for.
  std::string drawings;
  /// How many complete executions had each outcome, as `outcome` noted it.
  std::map<std::string, std::uint64_t> outcomes;

  /// Every execution was explored, and none is wrong.
  [[nodiscard]] bool passed() const noexcept { return verdict == Verdict::passed; }
  /// None that was explored is wrong. All that bounds and random walks can say.
  [[nodiscard]] bool found_nothing() const noexcept { return wrong == Wrong::nothing; }
};

/// The verdict in a line, and the report and where it was drawn if there is one.
std::ostream& operator<<(std::ostream& out, const Result& result);

namespace {
/// Does, in the code under test, what its instrumentation must make visible.
[[maybe_unused]] void instrumentation_probe(std::atomic<int>& atomic, int& plain) {
  plain = 1;
  atomic.store(1, std::memory_order_relaxed);
  plain = atomic++;  // at -O0 a call, of a function that the linker may take from another object
}
}  // namespace
/// What `explore` calls to see that its caller is instrumented.
using Probe = void (*)(std::atomic<int>&, int&);

/// Explores the executions of `program`, from the same state each: whatever its instrumented code changes
/// in memory is put back afterwards, and what it allocates is gone. Each thread of it, the first included,
/// has thread-locals of its own, new in each execution. Called from one thread at a time, not
/// from within an exploration. Throws std::invalid_argument if the options contradict each other. `probe`
/// is not for callers.
Result explore(const std::function<void()>& program, const Options& options = {},
               Probe probe = &instrumentation_probe);

// For the program under exploration; outside one, as if it were the only execution.

/// States a claim. An execution in which it does not hold is wrong. Outside an exploration: aborts.
void require(bool holds, std::source_location where = std::source_location::current());

/// Says that only executions with this are of interest: others end here, and are not counted.
void assume(bool holds);

/// One of 0 to n-1, each of them in other executions. Outside an exploration: 0.
[[nodiscard]] int choose(int n);

/// Notes how the execution came out, for Result::outcomes; a second note is added after a space.
void outcome(std::string_view text);

/// Is the caller part of an exploration?
[[nodiscard]] bool is_exploring() noexcept;

namespace detail {
/// While it exists, the threads that the caller creates are identical.
class IdenticalThreads {
 public:
  IdenticalThreads();
  ~IdenticalThreads();
  IdenticalThreads(const IdenticalThreads&) = delete;
  IdenticalThreads& operator=(const IdenticalThreads&) = delete;
};
}  // namespace detail

/// Calls `body()` in each of n threads, and returns when all have ended. Whoever calls this promises that nothing
/// tells the threads apart but what they find in shared memory. So `body` must not look at a thread's number
/// (std::this_thread::get_id(), a counter that is no atomic), nor at the numbers that addresses are of what is a
/// thread's own (its locals, thread_locals, allocations): these may be published and compared for equality, not by
/// `<` or a hash. Nor may other threads know which is which. An index that is taken from an atomic is fine.
///
/// Then each permutation of the threads makes of an execution another that is as right or as wrong, and one of them
/// is explored for all: of n threads that increment one counter, 1 execution instead of n! (Options::symmetry,
/// Result::is_up_to_permutation). The threads of one call are identical to each other, not to those of another.
/// Threads that turn out to do different things, having seen the same, are refused; that all broken
/// promises are noticed is not promised. Throws std::invalid_argument if n is negative.
template <class Body>
void in_identical_threads(int n, const Body& body) {
  if (n < 0) {
    throw std::invalid_argument(
        "lockstep::check::in_identical_threads: a negative number of threads");
  }
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(n));
  {
    const detail::IdenticalThreads identical;
    for (int i = 0; i < n; ++i) threads.emplace_back([&body] { body(); });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace lockstep::check
