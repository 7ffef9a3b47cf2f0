// tests/checker/resume_test.cpp: an exploration that ends before it is done, and another that goes on from there, find
// together what one finds.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "lockstep/check.hpp"

namespace check = lockstep::check;

namespace {

/// A file that goes when this goes.
class File {
 public:
  File() : name_(testing::TempDir() + "resume_test." + std::to_string(getpid())) {}
  ~File() { std::remove(name_.c_str()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  std::string name_;
};

std::atomic<int> total;

void count(int threads) {
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i) all.emplace_back([] { total.fetch_add(1); });
  for (std::thread& thread : all) thread.join();
  check::outcome(std::to_string(total.load()));
}

/// Pointers to globals, to the stack that explores, and to what was allocated before are values here.
void pass_pointers(int* on_stack, int* on_heap) {
  static int global = 0;
  std::atomic<int*> at{&global};
  std::array<std::thread, 3> threads;
  int* const values[] = {on_stack, on_heap, &global};
  for (std::size_t i = 0; i < threads.size(); ++i) {
    threads[i] = std::thread([&, i] {
      int* const seen = at.exchange(values[i]);
      int* expected = values[(i + 1) % 3];
      at.compare_exchange_strong(expected, seen);
    });
  }
  for (std::thread& thread : threads) thread.join();
  check::outcome(at.load() == on_stack ? "stack" : at.load() == on_heap ? "heap" : "global");
}

/// Locks spin, or sleep: threads wait.
void lock_twice() {
  std::atomic<int> lock{0}, done{0};
  std::array<std::thread, 3> threads;
  for (std::thread& thread : threads) {
    thread = std::thread([&] {
      while (lock.exchange(1, std::memory_order_acquire) == 1) {
      }
      done.fetch_add(1, std::memory_order_relaxed);
      lock.store(0, std::memory_order_release);
    });
  }
  while (done.load() == 0) {
  }
  check::outcome(std::to_string(done.load()));
  for (std::thread& thread : threads) thread.join();
}

void expect_same(const check::Result& one, const check::Result& other) {
  EXPECT_EQ(one.verdict, other.verdict) << one << other;
  EXPECT_EQ(one.executions, other.executions);
  EXPECT_EQ(one.outcomes, other.outcomes);
  EXPECT_EQ(one.limits, other.limits);
}

/// Stops after `step` executions, again and again, until there are no more.
check::Result in_steps(const std::function<void()>& program, std::uint64_t step,
                       check::Options options = {}) {
  const File file;
  options.max_executions = step;
  options.save = file.name();
  check::Result result = check::explore(program, options);
  for (int rounds = 0; result.verdict == check::Verdict::bounded && rounds < 10'000; ++rounds) {
    EXPECT_EQ(result.saved, file.name());
    options.resume = file.name();
    options.save.clear();
    result = check::explore(program, options);
  }
  return result;
}

TEST(Resume, StepsOfAnyLengthFindWhatOneExplorationFinds) {
  const auto program = [] { count(5); };
  const check::Result whole = check::explore(program);
  EXPECT_EQ(whole.executions, 120u);
  for (const std::uint64_t step : {1U, 2U, 7U, 50U, 119U, 121U}) {
    expect_same(in_steps(program, step), whole);
  }
}

TEST(Resume, ThreadsThatWaitAreAsMany) {
  const check::Result whole = check::explore(lock_twice);
  ASSERT_TRUE(whole.passed()) << whole;
  for (const std::uint64_t step : {1U, 3U, 17U}) expect_same(in_steps(lock_twice, step), whole);
}

TEST(Resume, ModelsOtherThanTheFirstAreResumedToo) {
  for (const auto model : {check::MemoryModel::sc, check::MemoryModel::tso}) {
    check::Options options;
    options.model = model;
    expect_same(in_steps(lock_twice, 5, options), check::explore(lock_twice, options));
  }
}

TEST(Resume, PointersAreTheSameInOneProcess) {
  int on_stack = 0;
  const auto on_heap = std::make_unique<int>(0);
  const auto program = [&] { pass_pointers(&on_stack, on_heap.get()); };
  expect_same(in_steps(program, 3), check::explore(program));
}

TEST(Resume, WorkersLeaveUndoneWhatTheyHave) {
  const auto program = [] { count(7); };
  check::Options options;
  options.jobs = 3;
  setenv("LOCKSTEP_WORKERS_APART", "0", 1);
  const check::Result together = in_steps(program, 700, options);
  unsetenv("LOCKSTEP_WORKERS_APART");
  expect_same(together, check::explore(program));
  EXPECT_GT(together.workers, 0u);
}

/// One of two threads creates another, which has the third or the fourth number. Then three threads count.
void create_one_more() {
  std::atomic<int> first{0}, counted{0};
  const auto create = [&] {
    if (first.exchange(1) == 0) std::thread([&] { counted.fetch_add(1); }).join();
    counted.fetch_add(1);
  };
  std::thread one(create), two(create);
  one.join();
  two.join();
}

/// The estimate counts what was done and, of what is left, at least the execution that the probe came to. That it can follow
/// what is left takes the numbers that threads had when the file was written.
TEST(Resume, TheEstimateBeginsWithWhatIsLeft) {
  const std::uint64_t all = check::explore(create_one_more).executions;
  ASSERT_GT(all, 3u);
  for (std::uint64_t before = 1; before + 1 < all; ++before) {
    const File file;
    check::Options options;
    options.max_executions = before;
    options.save = file.name();
    static_cast<void>(check::explore(create_one_more, options));
    check::Progress first;
    options = {};
    options.resume = file.name();
    options.progress_interval = {};
    options.on_progress = [&](const check::Progress& progress) {
      if (first.executions == 0) first = progress;
    };
    EXPECT_EQ(check::explore(create_one_more, options).executions, all);
    EXPECT_EQ(first.executions, before + 1);
    EXPECT_GT(first.estimated, static_cast<double>(first.executions));
  }
}

TEST(Resume, AnErrorIsFoundAfterwards) {
  const auto rare = [] {
    std::atomic<int> order{0};
    std::thread a([&] { order.store(order.load() * 3 + 1); });
    std::thread b([&] { order.store(order.load() * 3 + 2); });
    a.join();
    b.join();
    check::require(order.load() != 5);
  };
  const check::Result whole = check::explore(rare);
  ASSERT_EQ(whole.verdict, check::Verdict::failed);
  const check::Result found = in_steps(rare, 1);
  EXPECT_EQ(found.verdict, check::Verdict::failed);
  EXPECT_EQ(found.executions, whole.executions);
  EXPECT_EQ(found.token, whole.token);
}

TEST(Resume, NothingIsSavedWhereNoFileIsNamedAndABoundWasMet) {
  check::Options options;
  options.max_executions = 3;
  EXPECT_EQ(check::explore([] { count(4); }, options).saved, "");
}

/// In a process of its own, for after the first Ctrl-C the next one kills.
[[noreturn]] void explore_until_interrupted(const std::function<void()>& program,
                                            const std::string& file) {
  check::Options options;
  options.save = file;
  options.progress_interval = {};
  options.on_progress = [](const check::Progress& progress) {
    if (progress.executions == 30) std::raise(SIGINT);
  };
  const check::Result stopped = check::explore(program, options);
  std::cerr << stopped;
  std::exit(stopped.executions == 31 && stopped.saved == file ? EXIT_SUCCESS : EXIT_FAILURE);
}

TEST(ResumeDeathTest, AnInterruptedExplorationSaysHowFarItCame) {
  const File file;
  const auto program = [] { count(5); };
  EXPECT_EXIT(explore_until_interrupted(program, file.name()), testing::ExitedWithCode(0),
              "no error within these bounds .interrupted.");
  check::Options options;
  options.resume = file.name();
  const check::Result whole = check::explore(program, options);
  EXPECT_TRUE(whole.passed()) << whole;
  EXPECT_EQ(whole.executions, 120u);
}

TEST(ResumeDeathTest, ASecondInterruptKills) {
  const auto interrupt_twice = [] {
    check::Options options;
    options.progress_interval = {};
    options.on_progress = [](const check::Progress&) {
      std::raise(SIGINT);
      std::raise(SIGINT);
    };
    static_cast<void>(check::explore([] { count(2); }, options));
  };
  EXPECT_EXIT(interrupt_twice(), testing::KilledBySignal(SIGINT), "");
}

TEST(ResumeDeathTest, WhatAProcessSendsTwiceAtOnceIsOneInterrupt) {
  const auto bound = [] {
    const File file;
    check::Options options;
    options.save = file.name();
    options.progress_interval = {};
    options.on_progress = [](const check::Progress&) {
      kill(getpid(), SIGINT);
      kill(getpid(), SIGINT);
    };
    return check::explore([] { count(2); }, options).bound;
  };
  const auto interrupt_as_timeout_does = [&] {
    const bool is_interrupted = bound() == "interrupted";
    kill(getpid(), SIGINT);  // also when the exploration is over
    std::exit(is_interrupted ? 0 : 1);
  };
  EXPECT_EXIT(interrupt_as_timeout_does(), testing::ExitedWithCode(0), "");
}

void count_three() { count(3); }

void expect_refused(const check::Options& options, const std::string& why,
                    const std::function<void()>& program = &count_three) {
  try {
    static_cast<void>(check::explore(program, options));
    ADD_FAILURE() << "not refused";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
  }
}

/// Explores two of six executions, and leaves the rest to the file. What would go on from there.
check::Options stopped_after_two(const File& file) {
  check::Options options;
  options.max_executions = 2;
  options.save = file.name();
  static_cast<void>(check::explore(&count_three, options));
  options.resume = file.name();
  return options;
}

TEST(Resume, WhatIsNoSuchFileIsRefused) {
  check::Options options;
  options.resume = "/nowhere/at.all";
  expect_refused(options, "/nowhere/at.all: No such file");
  const File file;
  std::ofstream(file.name()) << "something else\n";
  options.resume = file.name();
  expect_refused(options, "is not the file of an exploration");
}

TEST(Resume, ADamagedFileIsRefused) {
  const File file;
  const check::Options options = stopped_after_two(file);
  std::ofstream(file.name(), std::ios::app) << "x";
  expect_refused(options, "is damaged");
}

TEST(Resume, OtherOptionsAreRefused) {
  const File file;
  check::Options options = stopped_after_two(file);
  options.model = check::MemoryModel::sc;
  expect_refused(options, "is of an exploration with other options: model rc11");
}

TEST(Resume, RandomWalksAreNotResumed) {
  check::Options options;
  options.resume = "file";
  options.random_walks = 3;
  expect_refused(options, "random walks and replays are not resumed");
}

TEST(Resume, TheFileThatTheEnvironmentNamesIsNotForRandomWalks) {
  check::Options options;
  options.random_walks = 3;
  setenv("LOCKSTEP_RESUME", "/nowhere/at.all", 1);
  const check::Result result = check::explore([] { count(3); }, options);
  unsetenv("LOCKSTEP_RESUME");
  EXPECT_EQ(result.executions, 3u) << result;
}

TEST(Resume, AnotherProgramIsRefused) {
  const File file;
  expect_refused(stopped_after_two(file), "is of another program", [] { count(3); });
}

TEST(Resume, AFunctionThatIsAnotherIsRefusedWhenItDoesSomethingElse) {
  const File file;
  const check::Result result = check::explore(&lock_twice, stopped_after_two(file));
  EXPECT_EQ(result.verdict, check::Verdict::refused) << result;
}

TEST(Resume, AFileThatCannotBeWrittenIsRefusedAtOnce) {
  check::Options options;
  options.save = "/nowhere/at.all";
  expect_refused(options, "/nowhere/at.all cannot be written: No such file", [] { ADD_FAILURE(); });
}

TEST(Resume, WhatWasFoundIsNotLostWithAFileThatCannotBeWritten) {
  const std::string folder = testing::TempDir() + "resume_test.folder." + std::to_string(getpid());
  std::filesystem::create_directory(folder);
  check::Options options;
  options.save = folder + "/file";
  options.max_executions = 2;
  options.progress_interval = {};
  options.on_progress = [&](const check::Progress&) { std::filesystem::remove(folder); };
  const check::Result result = check::explore(&count_three, options);
  EXPECT_EQ(result.executions, 2u);
  EXPECT_EQ(result.saved, "");
  EXPECT_NE(result.report.find("how far it came is not saved: " + options.save), std::string::npos)
      << result;
}

}  // namespace
