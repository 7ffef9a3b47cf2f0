// Are objects that do what a sequential one would let pass, and those that do not found?
#include "lockstep/linearizability.hpp"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "explored.hpp"

namespace lockstep::check {
namespace {

/// Runs each in a thread of its own, until all have ended.
template <class... Bodies>
void in_threads(const Bodies&... bodies) {
  std::thread threads[]{std::thread(bodies)...};
  for (std::thread& thread : threads) thread.join();
}

std::ostream& write(std::ostream& out, const std::deque<int>& items) {
  out << '[';
  for (const char* comma = ""; const int item : items) {
    out << comma << item;
    comma = ", ";
  }
  return out << ']';
}

// --- Sequential objects

struct SequentialQueue {
  std::deque<int> items;

  void put(int item) { items.push_back(item); }
  bool take(std::optional<int> got) {
    if (items.empty()) return !got;
    if (got != items.front()) return false;
    items.pop_front();
    return true;
  }
  bool operator==(const SequentialQueue&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const SequentialQueue& queue) {
    return write(out, queue.items);
  }
};

struct SequentialCounter {
  int count = 0;

  void increment() { ++count; }
  bool read(int value) { return value == count; }
  bool operator==(const SequentialCounter&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const SequentialCounter& counter) {
    return out << counter.count;
  }
};

struct SequentialFlag {
  bool on = false;

  void set() { on = true; }
  bool is_set(bool said) { return said == on; }
  bool operator==(const SequentialFlag&) const = default;
};

/// Two cells of one object. Has no way to be written to a stream.
struct SequentialCells {
  int cells[2]{};

  void write(int cell, int value) { cells[cell] = value; }
  bool read(int cell, int value) const { return cells[cell] == value; }
  bool operator==(const SequentialCells&) const = default;
};

/// For a wait that all have to come to before any leaves.
struct SequentialBarrier {
  int parties;
  int arrived = 0, left = 0;

  void arrive() { ++arrived; }
  bool leave() { return ++left <= arrived / parties * parties; }
  bool operator==(const SequentialBarrier&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const SequentialBarrier& barrier) {
    return out << barrier.arrived << " arrived, " << barrier.left << " left";
  }
};

// --- Queues

enum class Takes { first, last };

template <Takes which>
class LockedQueue {
 public:
  void put(int item) {
    const std::scoped_lock guard(lock_);
    items_.push_back(item);
  }
  std::optional<int> take() {
    const std::scoped_lock guard(lock_);
    if (items_.empty()) return std::nullopt;
    const auto taken = which == Takes::first ? items_.begin() : items_.end() - 1;
    const int item = *taken;
    items_.erase(taken);
    return item;
  }

 private:
  std::mutex lock_;
  std::vector<int> items_;
};

template <Takes which>
void two_are_put_and_taken() {
  LockedQueue<which> queue;
  History<SequentialQueue> history;
  const auto put = [&](int item) {
    history.call(
        "put(" + std::to_string(item) + ")", [&] { queue.put(item); },
        [item](SequentialQueue& q) { q.put(item); });
  };
  const auto take = [&] {
    return history.call("take()", [&] { return queue.take(); }, &SequentialQueue::take);
  };
  in_threads(
      [&] {
        put(1);
        put(2);
      },
      [&] {
        take();
        take();
      });
  take();
}

TEST(Linearizability, OfAQueueWithALock) {
  EXPECT_TRUE(passes(two_are_put_and_taken<Takes::first>));
}

TEST(Linearizability, IsNotThatOfAStackTakenForAQueue) {
  const Result result = explored(two_are_put_and_taken<Takes::last>);
  ASSERT_EQ(result.wrong, Wrong::not_linearizable) << result;
  for (const char* const words : {
           "not linearizable: in no order does the reference object allow these operations their "
           "results\n",
           "  A  thread 1  put(1)            linearizability_test.cpp:",
           "  >> A calls put(1)  ",
           "  >> C returns = 2  ",
           "  thread 1  put(2)  ",
           "  thread 2  take() = 2  ",
           "What had returned when another was called (happens-before):\n  A before ",
           "As far as the reference object goes, which begins as []:\n",
           "  It does not allow any of those that could come next:\n",
           "replay token: ",
       }) {
    if (result.report.find(words) == std::string::npos) FAIL() << lacks(words, result).message();
  }
  EXPECT_TRUE(fails(Wrong::not_linearizable, two_are_put_and_taken<Takes::last>, {}));
}

// --- Counters

template <class Increment>
void two_count(Increment increment) {
  std::atomic<int> count{0};
  History<SequentialCounter> history;
  const auto count_one = [&] {
    history.call("increment()", [&] { increment(count); }, &SequentialCounter::increment);
  };
  in_threads(count_one, count_one);
  history.call(
      "read()", [&] { return count.load(std::memory_order_relaxed); }, &SequentialCounter::read);
}

TEST(Linearizability, OfACounter) {
  EXPECT_TRUE(passes([] {
    two_count([](std::atomic<int>& count) { count.fetch_add(1, std::memory_order_relaxed); });
  }));
}

void count_in_two_steps(std::atomic<int>& count) {
  count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

TEST(Linearizability, IsNotThatOfACounterThatLosesOne) {
  EXPECT_TRUE(
      fails(Wrong::not_linearizable, [] { two_count(count_in_two_steps); },
            {"  A  thread ", "  C  thread 0  read() = 1   linearizability_test.cpp:",
             "What had returned when another was called (happens-before):\n  A, B before C\n",
             "As far as the reference object goes, which begins as 0:\n  A, B, and is then 2\n",
             "  It does not allow any of those that could come next:\n    C  read() = 1\n"}));
}

// --- Real time is happens-before

/// The reader keeps what it saw the first time. The setter tells another thing afterwards, in this order.
void a_reader_keeps_what_it_saw(std::memory_order tell, bool asks_before) {
  std::atomic<bool> flag{false}, told{false};
  History<SequentialFlag> history;
  in_threads(
      [&] {
        history.call(
            "set()", [&] { flag.store(true, std::memory_order_relaxed); }, &SequentialFlag::set);
        told.store(true, tell);
      },
      [&] {
        const bool kept = asks_before && flag.load(std::memory_order_relaxed);
        if (!told.load(std::memory_order_acquire)) return;
        history.call(
            "is_set()", [&] { return asks_before ? kept : flag.load(std::memory_order_relaxed); },
            &SequentialFlag::is_set);
      });
}

TEST(Linearizability, HasWhatHappensBeforeInItsOrder) {
  EXPECT_TRUE(fails(
      Wrong::not_linearizable, [] { a_reader_keeps_what_it_saw(std::memory_order_release, true); },
      {"A  thread 1  set()             linearizability_test.cpp:", "B  thread 2  is_set() = false",
       "  A before B\n", "As far as the reference object goes:\n  A\n",
       "    B  is_set() = false\n"}));
  EXPECT_TRUE(passes([] { a_reader_keeps_what_it_saw(std::memory_order_release, false); }));
}

TEST(Linearizability, LeavesOpenWhatNothingOrders) {
  EXPECT_TRUE(passes([] { a_reader_keeps_what_it_saw(std::memory_order_relaxed, true); }));
}

// The set is over only when it has returned: that the reader saw its last write is not enough.
TEST(Linearizability, DoesNotTakeTheLastWriteOfACallForItsReturn) {
  EXPECT_TRUE(passes([] {
    std::atomic<bool> flag{false}, other{false};
    History<SequentialFlag> history;
    in_threads(
        [&] {
          history.call(
              "set()", [&] { flag.store(true, std::memory_order_release); }, &SequentialFlag::set);
        },
        [&] {
          if (!flag.load(std::memory_order_acquire)) return;
          history.call(
              "is_set()", [&] { return other.load(std::memory_order_relaxed); },
              &SequentialFlag::is_set);
        });
  }));
}

/// Each writes one cell and reads the other.
void two_cells(std::memory_order order) {
  std::atomic<int> cells[2]{0, 0};
  History<SequentialCells> history;
  const auto use = [&](int mine) {
    history.call(
        "write", [&] { cells[mine].store(1, order); },
        [mine](SequentialCells& c) { c.write(mine, 1); });
    history.call(
        "read", [&] { return cells[1 - mine].load(order); },
        [mine](const SequentialCells& c, int value) { return c.read(1 - mine, value); });
  };
  in_threads([&] { use(0); }, [&] { use(1); });
}

TEST(Linearizability, OfTwoRegistersAsOneObjectTakesSeqCst) {
  EXPECT_TRUE(passes([] { two_cells(std::memory_order_seq_cst); }));
  EXPECT_TRUE(
      fails(Wrong::not_linearizable, [] { two_cells(std::memory_order_relaxed); }, {"read = 0"}));
  Options options;
  options.model = MemoryModel::tso;
  EXPECT_TRUE(
      fails(Wrong::not_linearizable, [] { two_cells(std::memory_order_release); }, {}, options));
  options.model = MemoryModel::sc;
  EXPECT_TRUE(passes([] { two_cells(std::memory_order_relaxed); }, options));
}

// --- Operations of several steps

void two_meet(bool lets_the_first_through) {
  std::atomic<int> arrived{0};
  std::atomic<bool> has_left{false};
  History<SequentialBarrier> history{2};
  const auto wait = [&](bool waits) {
    history.call(
        "wait()",
        [&] {
          arrived.fetch_add(1, std::memory_order_acq_rel);
          while (waits && arrived.load(std::memory_order_acquire) < 2) {
          }
        },
        &SequentialBarrier::arrive, &SequentialBarrier::leave);
  };
  in_threads(
      [&] {
        wait(!lets_the_first_through);
        has_left.store(true, std::memory_order_release);
      },
      [&] {
        static_cast<void>(has_left.load(std::memory_order_acquire));
        wait(true);
      });
}

TEST(Linearizability, OfABarrierInTwoSteps) {
  EXPECT_TRUE(passes([] { two_meet(false); }));
}

TEST(Linearizability, IsNotThatOfABarrierThatLetsTheFirstThrough) {
  EXPECT_TRUE(fails(Wrong::not_linearizable, [] { two_meet(true); },
                    {"  A before B\n",
                     "As far as the reference object goes, which begins as 0 arrived, 0 left:\n"
                     "  A.1, and is then 1 arrived, 0 left\n",
                     "    A.2  wait()\n"}));
}

// --- What did not return

TEST(Linearizability, LeavesOutWhatThrew) {
  EXPECT_TRUE(passes([] {
    History<SequentialCounter> history;
    const auto refuse = []() -> int { throw std::runtime_error("full"); };
    EXPECT_THROW(history.call("read()", refuse, &SequentialCounter::read), std::runtime_error);
    history.call("read()", [] { return 0; }, &SequentialCounter::read);
  }));
}

TEST(Linearizability, LeavesOutWhatWaitsWhenTheProgramEnds) {
  Options options;
  options.is_whole_program = true;
  EXPECT_TRUE(passes(
      [] {
        static std::atomic<bool> never;
        static History<SequentialCounter> history;
        std::thread([] {
          history.call(
              "increment()",
              [] {
                while (!never.load(std::memory_order_relaxed)) {
                }
              },
              &SequentialCounter::increment);
        }).detach();
        history.call("read()", [] { return 0; }, &SequentialCounter::read);
        std::exit(0);
      },
      options));
}

TEST(Linearizability, IsAskedOfAWholeProgramThatExits) {
  Options options;
  options.is_whole_program = true;
  EXPECT_TRUE(fails(
      Wrong::not_linearizable,
      [] {
        History<SequentialCounter> history;
        history.call("read()", [] { return 1; }, &SequentialCounter::read);
        std::exit(0);
      },
      {"  A  thread 0  read() = 1", "which begins as 0:\n  not one step\n"}, options));
}

// --- Whenever and wherever the history is made

History<SequentialCounter> global_history{1};

TEST(Linearizability, OfAHistoryThatLastsIsAskedOfEachExecution) {
  const auto program = [](int start) {
    return [start] {
      std::atomic<int> count{start};
      const auto count_one = [&] {
        global_history.call(
            "increment()", [&] { count.fetch_add(1, std::memory_order_relaxed); },
            &SequentialCounter::increment);
      };
      in_threads(count_one, count_one);
      global_history.call(
          "read()", [&] { return count.load(std::memory_order_relaxed); },
          &SequentialCounter::read);
    };
  };
  EXPECT_TRUE(passes(program(1)));
  EXPECT_TRUE(fails(Wrong::not_linearizable, program(0), {"which begins as 1:\n"}));
  EXPECT_TRUE(passes(program(1)));
}

TEST(Linearizability, IsAskedOfEachOfTwoHistories) {
  EXPECT_TRUE(fails(Wrong::not_linearizable,
                    [] {
                      History<SequentialCounter> first{7}, second{8};
                      first.call("read()", [] { return 7; }, &SequentialCounter::read);
                      second.call("read()", [] { return 7; }, &SequentialCounter::read);
                    },
                    {"which begins as 8:\n"}));
}

TEST(Linearizability, OutsideAnExplorationIsNotAsked) {
  History<SequentialCounter> history;
  EXPECT_EQ(history.call("read()", [] { return 7; }, &SequentialCounter::read), 7);
}

TEST(Linearizability, IsRefusedIfAStepThrows) {
  EXPECT_TRUE(is_refused(
      [] {
        History<SequentialCounter> history;
        history.call("read()", [] {}, [](SequentialCounter&) { throw std::runtime_error("oops"); });
      },
      {"a step on a reference object throws", "oops"}));
}

// --- Recording changes nothing

/// A stack that frees what it pops, recorded or not.
template <bool is_recorded>
void two_push_and_pop() {
  struct Node {
    int item;
    Node* below;
  };
  std::mutex lock;
  Node* top = nullptr;
  std::optional<History<SequentialQueue>> history;
  if (is_recorded) history.emplace();
  const auto call = [&](const char* name, const auto& real) {
    return is_recorded ? history->call(name, real) : real();
  };
  const auto use = [&](int item) {
    call("push()", [&] {
      const std::scoped_lock guard(lock);
      top = new Node{item, top};
    });
    call("pop()", [&] {
      const std::scoped_lock guard(lock);
      Node* const popped = top;
      top = popped->below;
      delete popped;
    });
  };
  in_threads([&] { use(1); }, [&] { use(2); });
}

TEST(Linearizability, IsAskedForWithoutFurtherExecutions) {
  for (const bool reuses : {false, true}) {
    Options options;
    options.reuse_memory = reuses;
    options.find_leaks = true;
    const Result plain = explored(two_push_and_pop<false>, options);
    const Result recorded = explored(two_push_and_pop<true>, options);
    EXPECT_TRUE(plain.passed() && recorded.passed()) << plain << recorded;
    EXPECT_GT(plain.executions, 1u);
    EXPECT_EQ(plain.executions, recorded.executions);
    EXPECT_EQ(plain.blocked, recorded.blocked);
    EXPECT_EQ(plain.longest, recorded.longest);
  }
}

TEST(Linearizability, IsAskedByWorkersAndOnWalks) {
  Options options;
  options.jobs = 2;
  EXPECT_TRUE(passes(two_are_put_and_taken<Takes::first>, options));
  const Result found = explored(two_are_put_and_taken<Takes::last>, options);
  EXPECT_EQ(found.wrong, Wrong::not_linearizable) << found;
  EXPECT_NE(found.report.find("As far as the reference object goes"), std::string::npos) << found;
  options = {};
  options.random_walks = 1'000;
  const Result walked = explored(two_are_put_and_taken<Takes::last>, options);
  EXPECT_EQ(walked.wrong, Wrong::not_linearizable) << walked;
}

}  // namespace
}  // namespace lockstep::check
