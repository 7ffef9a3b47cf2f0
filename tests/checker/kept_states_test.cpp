// Explorations whose runs go on from states that were kept, and those in which each run begins at the beginning: the same
// executions, as often each, the same errors with the same reports.
//
// LOCKSTEP_KEEP_STATES=always keeps a state wherever one can be kept; the programs here have in them what a state
// is made of. That a state is kept and gone on from at all: the program then begins less often than there are executions.
#include <pthread.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "explored.hpp"

namespace lockstep::check {
namespace {

constexpr const char* ways[] = {"never", "as it pays", "always"};

Result explored_with(const std::string& way, const Program& program, const Options& options) {
  setenv("LOCKSTEP_KEEP_STATES", way.c_str(), 1);
  Result result = explored(program, options);
  unsetenv("LOCKSTEP_KEEP_STATES");
  return result;
}

/// What an exploration found, but for the time that it took.
std::string found(const Result& result) {
  std::string text = std::to_string(result.executions) + " executions, " +
                     std::to_string(result.blocked) + " blocked, " + std::to_string(result.cut) +
                     " cut, longest " + std::to_string(result.longest) + ", wrong " +
                     std::to_string(static_cast<int>(result.wrong)) + ' ' + result.token + '\n' +
                     result.report;
  for (const auto& [outcome, count] : result.outcomes) {
    text += outcome + " x " + std::to_string(count) + '\n';
  }
  return text;
}

/// Is the same found in each way, and is that an error or not?
testing::AssertionResult agree(const Program& program, const Options& options = {},
                               Wrong wrong = Wrong::nothing) {
  const Result from_beginning = explored_with(ways[0], program, options);
  const std::string expected = found(from_beginning);
  if (from_beginning.wrong != wrong) return testing::AssertionFailure() << expected;
  for (const char* const way : {ways[1], ways[2]}) {
    const std::string other = found(explored_with(way, program, options));
    if (other != expected) {
      return testing::AssertionFailure()
             << "from the beginning: " << expected << "from kept states (" << way << "): " << other;
    }
  }
  return testing::AssertionSuccess() << expected;
}

Options for_jobs(unsigned jobs) {
  Options options;
  options.jobs = jobs;
  return options;
}

/// Runs body(0) to body(n-1), each in a thread.
template <class Body>
void in_threads(int n, const Body& body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < n; ++i) threads.emplace_back([&body, i] { body(i); });
  for (std::thread& thread : threads) thread.join();
}

/// 120 executions.
void increments() {
  std::atomic<int> count{0};
  in_threads(5, [&](int) { count.fetch_add(1, std::memory_order_relaxed); });
}

std::size_t beginnings_with(const std::string& way) {
  Counter beginnings;
  const Result result = explored_with(way,
                                      [&] {
                                        beginnings.note();
                                        increments();
                                      },
                                      {});
  EXPECT_EQ(result.executions, 120U) << way;
  return beginnings.count();
}

TEST(KeptState, IsWhatRunsGoOnFrom) {
  EXPECT_EQ(beginnings_with("never"), 120U);
  EXPECT_LT(beginnings_with("as it pays"), 60U);
  EXPECT_EQ(beginnings_with("always"), 1U);
}

/// How many runs go on from a state in which a thread has done so many reads, and is about to do the next. Reads that change nothing
/// are remembered with the reader's stack, in case that it is in a loop.
std::size_t runs_from_behind(int reads) {
  Counter before, after;
  const Result result = explored_with("always",
                                      [&] {
                                        std::atomic<int> never{0}, count{0};
                                        std::thread reader([&] {
                                          std::array<char, 4096> deep;
                                          escape(&deep);
                                          for (int i = 0; i < reads; ++i) require(never == 0);
                                          before.note();
                                          static_cast<void>(count.load());
                                          after.note();
                                        });
                                        in_threads(3, [&](int) { count.fetch_add(1); });
                                        reader.join();
                                      },
                                      {});
  EXPECT_EQ(result.executions, 24U) << result;
  return after.count() - before.count();
}

TEST(KeptState, IsNoneIfTooMuchWouldHaveToBeKept) {
  EXPECT_GT(runs_from_behind(1), 0U);
  EXPECT_EQ(runs_from_behind(100), 0U);
}

// Globals, thread-locals, blocks

int changed_by_all = 5;
std::array<std::uint64_t, 40> large{};
thread_local int mine = 7;
thread_local std::string text_of_mine = "text";
std::mutex lock_of_large;

TEST(KeptState, HasTheGlobalsAsTheyWere) {
  EXPECT_TRUE(agree([] {
    in_threads(3, [](int i) {
      const std::lock_guard guard(lock_of_large);
      large[static_cast<std::size_t>(11 * i)] += static_cast<std::uint64_t>(changed_by_all);
      changed_by_all = 3 * changed_by_all + i;
    });
    std::string text = std::to_string(changed_by_all);
    for (const std::uint64_t each : large) text += each == 0 ? "" : ' ' + std::to_string(each);
    outcome(text);
  }));
}

TEST(KeptState, HasTheThreadLocalsAsTheyWere) {
  EXPECT_TRUE(agree([] {
    std::atomic<int> x{0};
    std::array<std::string, 3> texts;
    in_threads(3, [&](int i) {
      mine += x.fetch_add(i + 1);
      text_of_mine +=
          " that is longer than a string has room for in itself " + std::to_string(mine);
      mine = 2 * mine + x.fetch_add(1);
      texts[static_cast<std::size_t>(i)] = text_of_mine + std::to_string(mine);
    });
    outcome(texts[0] + texts[1] + texts[2]);
  }));
}

TEST(KeptState, HasTheBlocksOfTheHeapAsTheyWere) {
  for (const bool reuse : {false, true}) {
    Options options;
    options.reuse_memory = reuse;
    EXPECT_TRUE(agree(
        [] {
          std::atomic<int*> box{nullptr};
          std::array<int, 3> saw{};
          in_threads(3, [&](int i) {
            auto* const brought = new int(i);
            const std::unique_ptr<int> taken(box.exchange(brought));
            if (taken == nullptr) return;
            saw[static_cast<std::size_t>(i)] = *taken + 1;
            *taken = 0;
          });
          const std::unique_ptr<int> last(box.load());
          outcome(std::to_string(saw[0]) + std::to_string(saw[1]) + std::to_string(saw[2]));
        },
        options));
  }
}

TEST(KeptState, HasTheExceptionsThatAreInFlight) {
  EXPECT_TRUE(agree([] {
    struct AtEnd {
      std::atomic<int>& count;
      ~AtEnd() { count.fetch_add(10 * std::uncaught_exceptions() + 1); }
    };
    std::atomic<int> count{0};
    std::array<int, 3> caught{};
    in_threads(3, [&](int i) {
      try {
        const AtEnd at_end{count};
        if (count.fetch_add(1) % 2 == 0) throw std::runtime_error(std::to_string(i));
      } catch (const std::exception& thrown) {
        caught[static_cast<std::size_t>(i)] = count.fetch_add(100);
        require(thrown.what() == std::to_string(i));
      }
    });
    outcome(std::to_string(caught[0]) + ' ' + std::to_string(caught[1]) + ' ' +
            std::to_string(caught[2]) + ' ' + std::to_string(count.load()));
  }));
}

TEST(KeptState, HasTheErrnoOfEachThread) {
  EXPECT_TRUE(agree([] {
    std::atomic<int> x{0};
    std::array<int, 3> seen{};
    in_threads(3, [&](int i) {
      errno = 100 + x.fetch_add(1);
      x.fetch_add(5);
      seen[static_cast<std::size_t>(i)] = errno;
    });
    outcome(std::to_string(seen[0]) + std::to_string(seen[1]) + std::to_string(seen[2]));
  }));
}

TEST(KeptState, HasTheThreadsThatAreBeingLeft) {
  EXPECT_TRUE(agree([] {
    struct AtEnd {
      std::atomic<int>& count;
      ~AtEnd() { count.fetch_add(1); }
    };
    static std::atomic<int> count;
    count = 0;
    const auto leave = [](void* returned) -> void* {
      const AtEnd first{count}, second{count};
      pthread_exit(returned);
    };
    std::array<pthread_t, 2> threads;
    for (std::uintptr_t i = 0; i < 2; ++i) {
      pthread_create(&threads[i], nullptr, leave, reinterpret_cast<void*>(i + 1));
    }
    for (std::uintptr_t i = 0; i < 2; ++i) {
      void* returned = nullptr;
      pthread_join(threads[i], &returned);
      require(reinterpret_cast<std::uintptr_t>(returned) == i + 1);
    }
  }));
}

// Threads that wait

TEST(KeptState, HasThreadsThatWaitForLocksAndConditions) {
  EXPECT_TRUE(agree([] {
    std::mutex mutex;
    std::condition_variable changed;
    int turn = 0;
    std::string order;
    in_threads(3, [&](int i) {
      std::unique_lock guard(mutex);
      if (i == 0) {
        changed.wait(guard, [&] { return turn > 0; });
      } else {
        ++turn;
        changed.notify_all();
      }
      order += std::to_string(i);
    });
    outcome(order);
  }));
}

TEST(KeptState, IsNoneOfAThreadThatWaitsInALoop) {
  EXPECT_TRUE(agree([] {
    std::atomic<bool> is_taken{false};
    int count = 0;
    in_threads(3, [&](int) {
      for (int i = 0; i < 2; ++i) {
        while (is_taken.exchange(true, std::memory_order_acquire)) {
        }
        ++count;
        is_taken.store(false, std::memory_order_release);
      }
    });
    require(count == 6);
  }));
  EXPECT_TRUE(agree([] {
    std::atomic<unsigned> next{0}, served{0};
    in_threads(4, [&](int) {
      const unsigned ticket = next.fetch_add(1, std::memory_order_relaxed);
      while (served.load(std::memory_order_acquire) != ticket) {
      }
      served.store(ticket + 1, std::memory_order_release);
    });
  }));
}

// What is left of other runs

TEST(KeptState, IsNoneOfAnExecutionThatReadsAFile) {
  EXPECT_TRUE(agree([] {
    std::atomic<int> x{0};
    in_threads(3, [&](int) {
      std::ifstream file("/proc/self/statm");
      std::string word;
      x.fetch_add(1);
      require(static_cast<bool>(file >> word));
    });
  }));
}

TEST(KeptState, IsNoneOfAnExecutionOfWhichTheCLibraryRemembersSomething) {
  EXPECT_TRUE(agree([] {
    std::atomic<int> x{0};
    in_threads(3, [&](int i) {
      if (i != 0) return static_cast<void>(x.fetch_add(i));
      char words[] = "one two three four";
      std::string text = std::strtok(words, " ");
      const int skipped = x.load() % 3;
      for (int n = 0; n < skipped; ++n) text += std::strtok(nullptr, " ");
      x.fetch_add(1);
      outcome(text + std::strtok(nullptr, " "));
    });
  }));
}

TEST(KeptState, IsNoneOfAThreadThatHasAskedForRandomNumbers) {
  EXPECT_TRUE(agree([] {
    std::atomic<int> x{0};
    std::array<int, 3> drawn{};
    in_threads(3, [&](int i) {
      int& sum = drawn[static_cast<std::size_t>(i)];
      sum += std::rand() % 100;
      for (int n = x.fetch_add(1); n >= 0; --n) sum += std::rand() % 100;
      x.fetch_add(1);
      sum += std::rand() % 100;
    });
    outcome(std::to_string(drawn[0] + drawn[1] + drawn[2]));
  }));
}

// Options

TEST(KeptState, MakesNoDifferenceToWorkers) {
  setenv("LOCKSTEP_WORKERS_APART", "0", 1);
  for (const unsigned jobs : {2U, 3U}) {
    for (const char* const way : ways) {
      const Result result = explored_with(way, &increments, for_jobs(jobs));
      EXPECT_TRUE(result.passed()) << way << ": " << result;
      EXPECT_EQ(result.executions, 120U) << way;
      EXPECT_GT(result.workers, 0U) << way;
    }
  }
  unsetenv("LOCKSTEP_WORKERS_APART");
}

TEST(KeptState, MakesNoDifferenceToIdenticalThreads) {
  EXPECT_TRUE(agree([] {
    std::atomic<int> count{0};
    std::thread reader([&] { outcome(std::to_string(count.load())); });
    in_identical_threads(4, [&] { count.fetch_add(1); });
    reader.join();
  }));
}

TEST(KeptState, MakesNoDifferenceToTokensAndReports) {
  EXPECT_TRUE(agree(
      [] {
        std::atomic<int> ready{0};
        int message = 0;
        in_threads(3, [&](int i) {
          if (i == 0) message = 1;
          ready.fetch_add(1, std::memory_order_relaxed);
          if (i == 2 && ready.load(std::memory_order_relaxed) == 3) require(message == 1);
        });
      },
      {}, Wrong::data_race));
  EXPECT_TRUE(agree(
      [] {
        std::mutex a, b;
        in_threads(2, [&](int i) {
          const std::lock_guard first(i == 0 ? a : b);
          const std::lock_guard second(i == 0 ? b : a);
        });
      },
      {}, Wrong::deadlock));
}

// Random programs of all that

enum class Do { add, load, store, lock, wait, block, raise, own, last };

struct Step {
  Do what;
  int number;
};
using Steps = std::vector<std::vector<Step>>;

Steps random_steps(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  Steps all(2 + static_cast<std::size_t>(below(2)));
  const unsigned most = all.size() == 2 ? 7 : 5;
  for (unsigned i = 0; i < most; ++i) {
    all[static_cast<std::size_t>(below(static_cast<unsigned>(all.size())))].push_back(
        {static_cast<Do>(below(static_cast<unsigned>(Do::last))), below(3)});
  }
  return all;
}

/// What the steps share.
struct Shared {
  std::array<std::atomic<int>, 3> words{};
  std::atomic<std::string*> block{nullptr};
  std::mutex mutex;
  int guarded = 0;
};

int carry_out(const Step& step, Shared& shared) {
  std::atomic<int>& word = shared.words[static_cast<std::size_t>(step.number)];
  switch (step.what) {
    case Do::add:
      return word.fetch_add(1, std::memory_order_acq_rel);
    case Do::load:
      return word.load(std::memory_order_acquire);
    case Do::store:
      word.store(step.number + 2, std::memory_order_release);
      return 0;
    case Do::lock: {
      const std::lock_guard guard(shared.mutex);
      large[static_cast<std::size_t>(step.number)] += 1;
      return shared.guarded = 2 * shared.guarded + step.number;
    }
    case Do::wait:
      if (shared.words[0].load(std::memory_order_relaxed) == 0) return -1;
      while (word.load(std::memory_order_acquire) == 1) {
        word.compare_exchange_strong(*std::make_unique<int>(1), 2);
      }
      return 1;
    case Do::block: {
      const std::unique_ptr<std::string> taken(shared.block.exchange(
          new std::string("a string that has a block of its own: " + std::to_string(step.number))));
      return taken == nullptr ? 0 : static_cast<int>(taken->size()) + taken->back();
    }
    case Do::raise:
      try {
        if (word.fetch_add(2) == 0) throw step.number;
        return 3;
      } catch (int number) {
        return 4 + number + word.load();
      }
    case Do::own:
      mine += word.load(std::memory_order_relaxed);
      text_of_mine += std::to_string(mine);
      return static_cast<int>(text_of_mine.size());
    case Do::last:
      break;
  }
  return 0;
}

void run(const Steps& steps) {
  Shared shared;
  std::vector<std::string> texts(steps.size());
  in_threads(static_cast<int>(steps.size()), [&](int t) {
    const auto thread = static_cast<std::size_t>(t);
    for (const Step& step : steps[thread]) {
      texts[thread] += std::to_string(carry_out(step, shared)) + ',';
    }
  });
  delete shared.block.load();
  std::string all;
  for (const std::string& text : texts) all += text + ' ';
  outcome(all + std::to_string(large[0]) + std::to_string(large[1]) + std::to_string(large[2]));
}

TEST(KeptState, MakesNoDifferenceToRandomPrograms) {
  const char* const wanted = std::getenv("LOCKSTEP_ORACLE_PROGRAMS");
  const unsigned programs = wanted == nullptr ? 300 : static_cast<unsigned>(std::stoul(wanted));
  constexpr MemoryModel models[] = {MemoryModel::rc11, MemoryModel::sc, MemoryModel::tso};
  for (unsigned seed = 0; seed < programs; ++seed) {
    Options options;
    options.model = models[seed % 3];
    options.reuse_memory = seed % 5 == 0;
    options.max_executions = 3000;
    const Steps steps = random_steps(seed);
    ASSERT_TRUE(agree([&] { run(steps); }, options)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace lockstep::check
