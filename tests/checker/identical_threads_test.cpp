// Identical threads: one execution stands for all their permutations, and nothing is lost by it.
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "explored.hpp"

namespace lockstep::check {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;

std::uint64_t executions(const Program& program, const Options& options = {}) {
  const Result result = explored(program, options);
  EXPECT_TRUE(result.passed()) << result;
  return result.executions;
}

Options each_permutation() {
  Options options;
  options.symmetry = false;
  return options;
}

void increments(int n) {
  std::atomic<int> count{0};
  in_identical_threads(n, [&] { count.fetch_add(1, relaxed); });
  require(count.load(relaxed) == n);
}

TEST(IdenticalThreads, OfOneIncrementEachHaveOneExecution) {
  for (const int n : {0, 1, 2, 3, 8, 20}) EXPECT_EQ(executions([n] { increments(n); }), 1u);
}

TEST(IdenticalThreads, HaveAllExecutionsWithoutTheOption) {
  EXPECT_EQ(executions([] { increments(5); }, each_permutation()), 120u);
}

TEST(IdenticalThreads, OfOneStoreAndALoadOfItsOwnHaveAsManyAsThereAreStoresToSee) {
  const auto program = [] {
    std::atomic<int> x{0};
    in_identical_threads(3, [&] {
      x.store(1, relaxed);
      (void)x.load(relaxed);
    });
  };
  EXPECT_EQ(executions(program), 6u);  // the first sees one of three, the second one of two
  EXPECT_EQ(executions(program, each_permutation()), 36u);
}

// Of n readers, so many see the one write.
TEST(IdenticalThreads, ThatReadHaveOneExecutionMoreThanThereAreReaders) {
  for (const int n : {1, 2, 5, 10}) {
    const auto program = [n] {
      std::atomic<int> x{0};
      std::thread writer([&] { x.store(1, relaxed); });
      in_identical_threads(n, [&] { (void)x.load(relaxed); });
      writer.join();
    };
    EXPECT_EQ(executions(program), static_cast<std::uint64_t>(n) + 1);
  }
}

TEST(IdenticalThreads, OfTwoCallsAreNotEachOthersLike) {
  const auto program = [] {
    std::atomic<int> x{0};
    std::thread others([&] { in_identical_threads(2, [&] { x.fetch_add(1, relaxed); }); });
    in_identical_threads(2, [&] { x.fetch_add(1, relaxed); });
    others.join();
  };
  EXPECT_EQ(executions(program), 6u);  // 4! / (2! 2!)
  EXPECT_EQ(executions(program, each_permutation()), 24u);
}

TEST(IdenticalThreads, TakeALockInOneOrder) {
  const auto program = [] {
    std::mutex mutex;
    int count = 0;
    in_identical_threads(5, [&] {
      const std::lock_guard lock(mutex);
      ++count;
    });
    require(count == 5);
  };
  EXPECT_EQ(executions(program), 1u);
  EXPECT_EQ(executions(program, each_permutation()), 120u);
}

/// Each waits in a node on its own stack.
struct QueuedLock {
  struct Node {
    std::atomic<Node*> next{nullptr};
    std::atomic<bool> waits{true};
  };
  std::atomic<Node*> last{nullptr};

  void lock(Node& mine) {
    mine.next.store(nullptr, relaxed);
    mine.waits.store(true, relaxed);
    Node* const before = last.exchange(&mine, std::memory_order_acq_rel);
    if (before == nullptr) return;
    before->next.store(&mine, release);
    while (mine.waits.load(acquire)) {
    }
  }
  void unlock(Node& mine) {
    Node* expected = &mine;
    if (mine.next.load(acquire) == nullptr) {
      if (last.compare_exchange_strong(expected, nullptr, release, relaxed)) return;
      while (mine.next.load(acquire) == nullptr) {
      }
    }
    mine.next.load(acquire)->waits.store(false, release);
  }
};

TEST(IdenticalThreads, AreNotToldApartByAtomicsOnTheirStacks) {
  const auto program = [] {
    QueuedLock lock;
    int count = 0;
    in_identical_threads(3, [&] {
      QueuedLock::Node node;
      lock.lock(node);
      ++count;
      lock.unlock(node);
    });
    require(count == 3);
  };
  EXPECT_EQ(6 * executions(program), executions(program, each_permutation()));
}

TEST(IdenticalThreads, AreNotToldApartByWhatTheyAllocate) {
  const auto program = [] {
    std::atomic<int*> shared{nullptr};
    in_identical_threads(3, [&] {
      auto mine = std::make_unique<int>(1);
      delete shared.exchange(mine.release(), std::memory_order_acq_rel);
    });
    delete shared.load(relaxed);
  };
  Options options;
  options.find_leaks = true;
  EXPECT_EQ(executions(program, options), 1u);
}

TEST(IdenticalThreads, ChooseInOneOrder) {
  const auto program = [] { in_identical_threads(3, [&] { outcome(std::to_string(choose(2))); }); };
  EXPECT_EQ(executions(program), 4u);
  EXPECT_EQ(executions(program, each_permutation()), 8u);
}

TEST(IdenticalThreads, WaitForAConditionInEachNumber) {
  const auto program = [] {
    std::mutex mutex;
    std::condition_variable condition;
    bool is_set = false;
    std::thread setter([&] {
      const std::lock_guard lock(mutex);
      is_set = true;
      condition.notify_all();
    });
    in_identical_threads(2, [&] {
      std::unique_lock lock(mutex);
      const bool found = is_set;
      condition.wait(lock, [&] { return is_set; });
      outcome(found ? "found" : "waited");
    });
    setter.join();
  };
  Options options;
  options.spurious_wakes = 0;
  Options all = options;
  all.symmetry = false;
  const Result result = explored(program, options);
  EXPECT_TRUE(result.passed()) << result;
  const auto has = [&](const char* notes) { return result.outcomes.count(notes) > 0; };
  EXPECT_TRUE(has("found found") && has("waited waited")) << result;
  EXPECT_TRUE(has("found waited") || has("waited found")) << result;
  EXPECT_LT(result.executions, executions(program, all));
}

TEST(IdenticalThreads, ThatWaitInALoopWaitInOneOrder) {
  const auto program = [] {
    std::atomic<bool> is_taken{false};
    in_identical_threads(4, [&] {
      while (is_taken.exchange(true, acquire)) {
      }
      is_taken.store(false, release);
    });
  };
  EXPECT_EQ(executions(program), 1u);
  EXPECT_EQ(executions(program, each_permutation()), 24u);
}

TEST(IdenticalThreads, RaceInTheOneExecutionAsInTheOthers) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      std::atomic<int> turn{0};
                      int plain = 0;
                      in_identical_threads(3, [&] {
                        if (turn.fetch_add(1, relaxed) > 0) ++plain;
                      });
                    },
                    {"data race"}));
}

TEST(IdenticalThreads, AreFoundDeadlocked) {
  EXPECT_TRUE(fails(Wrong::deadlock,
                    [] {
                      std::mutex a, b;
                      std::thread other([&] {
                        const std::lock_guard first(b);
                        const std::lock_guard second(a);
                      });
                      in_identical_threads(2, [&] {
                        const std::lock_guard first(a);
                        const std::lock_guard second(b);
                      });
                      other.join();
                    },
                    {"deadlock"}));
}

TEST(IdenticalThreads, HaveAsManyExecutionsInSeveralProcesses) {
  const auto program = [] {
    std::atomic<int> x{0}, y{0};
    std::thread writer([&] {
      x.store(1, relaxed);
      x.store(2, relaxed);
    });
    in_identical_threads(4, [&] {
      if (x.load(relaxed) > 0) y.fetch_add(1, relaxed);
      (void)y.load(relaxed);
    });
    writer.join();
  };
  Options options;
  options.jobs = 3;
  const Result one = explored(program), some = explored(program, options);
  EXPECT_TRUE(some.passed()) << some;
  EXPECT_EQ(some.executions, one.executions);
  EXPECT_TRUE(some.is_up_to_permutation);
}

TEST(IdenticalThreads, AreSaidToBeInTheVerdict) {
  const auto text_of = [](const Result& result) {
    std::ostringstream text;
    text << result;
    return text.str();
  };
  const Result reduced = explored([] { increments(2); });
  EXPECT_TRUE(reduced.is_up_to_permutation);
  EXPECT_NE(text_of(reduced).find("which of identical threads"), std::string::npos);
  Options walks;
  walks.random_walks = 10;
  for (const Options& options : {each_permutation(), walks}) {
    const Result all = explored([] { increments(2); }, options);
    EXPECT_FALSE(all.is_up_to_permutation);
    EXPECT_EQ(text_of(all).find("identical"), std::string::npos);
  }
  EXPECT_FALSE(explored([] {}).is_up_to_permutation);
}

/// Another number below 1021 for each thread, from where its stack is.
std::size_t number_of_caller() {
  int local = 0;
  return (reinterpret_cast<std::uintptr_t>(&local) >> 12) % 1021;
}

TEST(IdenticalThreads, ThatWriteANumberOfTheirOwnAreRefused) {
  EXPECT_TRUE(is_refused(
      [] {
        std::atomic<std::size_t> x{0};
        in_identical_threads(2, [&] { x.store(number_of_caller(), relaxed); });
      },
      {"not identical", "in_identical_threads"}));
}

TEST(IdenticalThreads, ThatHaveAnAtomicEachAreRefused) {
  EXPECT_TRUE(is_refused(
      [] {
        std::array<std::atomic<int>, 251> places{};
        for (const std::atomic<int>& place : places) (void)place.load(relaxed);
        in_identical_threads(2, [&] { (void)places[number_of_caller() % 251].load(relaxed); });
      },
      {"not identical", "location"}));
}

TEST(IdenticalThreads, AreRealOutsideOfAnExploration) {
  std::atomic<int> count{0};
  in_identical_threads(4, [&] { count.fetch_add(1); });
  EXPECT_EQ(count, 4);
  EXPECT_THROW(in_identical_threads(-1, [] {}), std::invalid_argument);
}

}  // namespace
}  // namespace lockstep::check
