// Worker processes: they find what one process finds, also when one of them dies.
#include <dirent.h>
#include <dlfcn.h>
#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "explored.hpp"

namespace lockstep::check {
namespace {

using namespace std::chrono_literals;

/// So many threads increment: n! executions, in which the last has each of the numbers equally often.
void increments(int n) {
  std::atomic<int> count{0};
  std::vector<std::thread> threads;
  for (int i = 0; i + 1 < n; ++i) threads.emplace_back([&] { count.fetch_add(1); });
  outcome(std::to_string(count.fetch_add(1)));
  for (std::thread& thread : threads) thread.join();
}

/// Threads create threads that the ones before them may not have had, allocate, choose, and spin.
void a_bit_of_everything() {
  std::atomic<int> x{0}, y{0};
  std::atomic<std::string*> text{nullptr};
  std::thread one([&] {
    if (x.exchange(1) == 0) std::thread([&] { y.fetch_add(2); }).join();
    text.store(new std::string("made"));
  });
  std::thread other([&] {
    if (x.exchange(1) == 0) std::thread([&] { y.fetch_add(1); }).join();
    const int chosen = choose(3);
    y.fetch_add(chosen);
    assume(chosen != 2 || x.load() != 7);
  });
  std::string* made = nullptr;
  while ((made = text.load()) == nullptr) {
  }
  const int seen = y.load();
  one.join();
  other.join();
  outcome(std::to_string(seen) + *std::unique_ptr<std::string>(made));
}

/// Sleepers stand in queues by the numbers of their threads, on which the processes have to agree.
void hand_over() {
  std::mutex mutex;
  std::condition_variable changed;
  int value = 0;
  const auto add = [&](int expected) {
    std::thread([&, expected] {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return value >= expected; });
      ++value;
      changed.notify_all();
    }).join();
  };
  std::thread two([&] { add(1); }), one([&] { add(0); });
  one.join();
  two.join();
  outcome(std::to_string(value));
}

/// 720 times the executions and more.
void beside_others(const Program& program) {
  std::atomic<int> count{0};
  std::vector<std::thread> others;
  for (int i = 0; i < 6; ++i) others.emplace_back([&] { count.fetch_add(1); });
  program();
  for (std::thread& other : others) other.join();
}

/// Workers begin as soon as there is something for them to do: how fast the machine is decides nothing.
[[maybe_unused]] const int workers_apart = setenv("LOCKSTEP_WORKERS_APART", "0", 1);

Options with(unsigned jobs) {
  Options options;
  options.jobs = jobs;
  return options;
}

/// But for the number of blocked executions, which depends on what each process tried first (checker/README.md).
testing::AssertionResult are_same(const Result& a, const Result& b) {
  if (a.verdict != b.verdict || a.executions != b.executions || a.cut != b.cut ||
      a.longest != b.longest || a.outcomes != b.outcomes) {
    return testing::AssertionFailure() << a << "but" << '\n' << b;
  }
  return testing::AssertionSuccess();
}

TEST(Jobs, FindTheSameHoweverManyTheyAre) {
  const Program programs[] = {[] { increments(7); }, [] { beside_others(a_bit_of_everything); },
                              [] { beside_others(hand_over); }};
  for (const Program& program : programs) {
    const Result alone = explore(program);
    EXPECT_TRUE(alone.passed()) << alone;
    for (const unsigned jobs : {2U, 3U, 8U}) {
      const Result together = explore(program, with(jobs));
      EXPECT_TRUE(are_same(together, alone)) << jobs;
      EXPECT_GT(together.workers, 0U);
    }
  }
}

TEST(Jobs, HaveWorkersIfThereIsEnoughToDo) {
  const Result result = explore([] { increments(8); }, with(2));
  EXPECT_EQ(result.executions, 40'320U);
  EXPECT_EQ(result.outcomes.at("0"), 5'040U);
  EXPECT_GT(result.workers, 0U);
  EXPECT_EQ(explore([] { increments(4); }).workers, 0U);
}

TEST(Jobs, FindTheErrorAndATokenThatReplays) {
  const Program program = [] {
    std::atomic<int> count{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&, i] { require(count.fetch_add(1) != 0 || i != 5); });
    }
    count.fetch_add(1);
    for (std::thread& thread : threads) thread.join();
  };
  const Result found = explore(program, with(3));
  EXPECT_EQ(found.verdict, Verdict::failed);
  EXPECT_EQ(found.wrong, Wrong::requirement);
  EXPECT_NE(found.report.find("replay token"), std::string::npos) << found;
  Options again;
  again.replay = found.token;
  EXPECT_EQ(explore(program, again).wrong, Wrong::requirement);
}

/// A thread that is behind many others makes a light fence of another a real one: all that was explored
/// before that was seen is explored again, by all.
TEST(Jobs, BeginAnewTogether) {
  const Program program = [] {
    std::atomic<int> x{0}, y{0};
    int mine = 0, other = 0;
    beside_others([&] {
      std::thread light([&] {
        x.store(1, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        mine = y.load(std::memory_order_relaxed);
      });
      y.store(1, std::memory_order_relaxed);
      if (choose(2) == 0) syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
      other = x.load(std::memory_order_relaxed);
      light.join();
    });
    outcome(std::to_string(mine) + std::to_string(other));
  };
  Result alone = explore(program);
  Options options = with(3);
  options.on_progress = [](const Progress&) {};
  const Result together = explore(program, options);
  EXPECT_TRUE(alone.passed()) << alone;
  EXPECT_TRUE(are_same(together, alone));
  EXPECT_GT(together.workers, 0U);
  EXPECT_NE(alone.limits.find("light fences"), std::string::npos) << alone;
  EXPECT_EQ(together.limits, alone.limits);
}

/// Which limits a program comes under may be seen by a worker only.
TEST(Jobs, NameTheLimitsThatAWorkerMet) {
  const Program program = [] {
    beside_others([] {
      std::timed_mutex mutex;
      if (choose(40) == 1) require(mutex.try_lock_for(std::chrono::seconds(1)));
    });
  };
  const Result alone = explore(program);
  EXPECT_NE(alone.limits.find("2 timeouts"), std::string::npos) << alone;
  EXPECT_EQ(explore(program, with(2)).limits, alone.limits);
}

TEST(Jobs, KeepToABoundTogether) {
  Options options = with(3);
  options.max_executions = 20'000;
  const Result result = explore([] { increments(9); }, options);
  EXPECT_EQ(result.verdict, Verdict::bounded);
  EXPECT_EQ(result.bound, "max_executions");
  EXPECT_GE(result.executions, 20'000U);
  EXPECT_LT(result.executions, 20'100U);
}

TEST(Jobs, KeepToATimeLimitTogether) {
  Options options = with(2);
  options.time_limit = 300ms;
  const Result result = explore([] { increments(12); }, options);
  EXPECT_EQ(result.bound, "time_limit");
  EXPECT_GE(result.time, 290ms);
}

TEST(Jobs, LeaveOutWhatIsCutShortAsOneDoes) {
  Options options;
  options.max_events = 8;
  const Program program = [] {
    std::atomic<int> count{0};
    const auto some = [&] {
      for (int i = 0; i < 2 + count.load() % 2; ++i) count.fetch_add(1);
    };
    std::thread one(some), two(some);
    some();
    one.join();
    two.join();
  };
  const Result alone = explore(program, options);
  EXPECT_GT(alone.cut, 0U);
  options.jobs = 2;
  const Result together = explore(program, options);
  EXPECT_TRUE(are_same(together, alone));
  EXPECT_EQ(together.bound, "max_events");
}

/// The processes whose parent is `parent`.
std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  const std::unique_ptr<DIR, int (*)(DIR*)> all(opendir("/proc"), &closedir);
  while (const dirent* const entry = readdir(all.get())) {
    const pid_t pid = std::atoi(entry->d_name);
    std::ifstream stat("/proc/" + std::string(entry->d_name) + "/stat");
    std::string text;
    const std::size_t name_ends = std::getline(stat, text) ? text.rfind(')') : std::string::npos;
    if (pid <= 0 || name_ends == std::string::npos) continue;
    if (std::atoi(text.c_str() + name_ends + 4) == parent) children.push_back(pid);  // ") S 1"
  }
  return children;
}

/// So many workers die, each in its run of that number, if the program calls note_run(). What that changes is not put back if this was
/// allocated, because it is not instrumented.
class Deaths {
 public:
  Deaths(int workers, int run)
      : left_(static_cast<int*>(
            mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))),
        run_(run) {
    *left_ = workers;
  }
  ~Deaths() { munmap(left_, sizeof(int)); }
  Deaths(const Deaths&) = delete;
  Deaths& operator=(const Deaths&) = delete;

  __attribute__((no_sanitize("thread"), noinline)) void note_run() {
    const pid_t me = getpid();
    if (me == first_) return;
    if (me != last_) runs_ = 0;
    last_ = me;
    if (++runs_ == run_ && __atomic_fetch_sub(left_, 1, __ATOMIC_RELAXED) > 0) exit_(EXIT_FAILURE);
  }
  /// Did fewer die?
  [[nodiscard]] bool are_left() const { return __atomic_load_n(left_, __ATOMIC_RELAXED) > 0; }

 private:
  int* const left_;  // shared by all processes
  const int run_;
  const pid_t first_ = getpid();
  pid_t last_ = first_;
  int runs_ = 0;  // of the last
  // The program's own would end the execution.
  void (*const exit_)(int) = reinterpret_cast<void (*)(int)>(dlsym(RTLD_NEXT, "_exit"));
};

/// At their first run they have no workers yet, later some have.
TEST(Jobs, DoThePartOfAWorkerThatDiedAgain) {
  constexpr int deaths = 3;
  for (const int run : {1, 20}) {
    const auto dying = std::make_unique<Deaths>(deaths, run);
    testing::internal::CaptureStderr();
    const Result result = explore(
        [&] {
          increments(7);
          dying->note_run();
        },
        with(8));
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_FALSE(dying->are_left());
    EXPECT_EQ(result.executions, 5'040U);
    EXPECT_EQ(result.outcomes.size(), 7U);
    for (const auto& [number, times] : result.outcomes) EXPECT_EQ(times, 720U) << number;
    EXPECT_NE(said.find("died; its part is explored again"), std::string::npos) << said;
  }
}

TEST(Jobs, LeaveNoProcessBehind) {
  EXPECT_TRUE(explore([] { increments(8); }, with(4)).passed());
  EXPECT_TRUE(children_of(getpid()).empty());
}

TEST(Progress, IsToldWithAnEstimateThatIsNotLessThanNothing) {
  std::vector<Progress> told;
  Options options;
  options.progress_interval = {};
  options.on_progress = [&](const Progress& progress) { told.push_back(progress); };
  explore([] { increments(5); }, options);
  ASSERT_EQ(told.size(), 120U);
  EXPECT_EQ(told.front().executions, 1U);
  EXPECT_EQ(told.back().executions, 120U);
  EXPECT_LT(told.front().elapsed, told.back().elapsed);
  for (const Progress& progress : told) EXPECT_GE(progress.estimated, 1);
}

TEST(Progress, IsNotToldBeforeTheIntervalHasPassed) {
  Options options;
  options.progress_interval = std::chrono::hours(1);
  options.on_progress = [](const Progress&) { ADD_FAILURE(); };
  explore([] { increments(5); }, options);
}

TEST(Progress, LeavesTheCountsAsTheyAre) {
  Options options;
  options.progress_interval = {};
  options.on_progress = [](const Progress&) {};
  options.refuse_duplicates = true;
  EXPECT_EQ(explore([] { increments(6); }, options).executions, 720U);
}

}  // namespace
}  // namespace lockstep::check
