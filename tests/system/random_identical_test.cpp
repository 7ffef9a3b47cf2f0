// Random programs of system calls in identical threads: what they come to when one execution stands for all its
// permutations must be what they come to in all executions, up to permutation.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <random>
#include <set>
#include <shared_mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "explored.hpp"
#include "futex_calls.hpp"

namespace lockstep::check {
namespace {

enum class Do {
  store,
  load,
  add,
  wait,
  wake,
  requeue,
  section,
  try_section,
  shared,
  pause,
  notify
};
constexpr unsigned kinds = 11;

struct Step {
  Do what;
  int word;
  unsigned number;
};
using Steps = std::vector<Step>;

/// So many identical threads, and one that is not.
struct Random {
  int identical = 2;
  Steps steps, others;
};

Random random_program(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  const auto step = [&] {
    const auto what = static_cast<Do>(below(kinds));
    const auto word = static_cast<int>(below(2));
    return Step{what, word, below(2)};
  };
  Random made;
  made.identical = 2 + static_cast<int>(below(4) == 0);
  const unsigned most = made.identical == 2 ? 2 : 1;
  for (unsigned i = 1 + below(most); i > 0; --i) made.steps.push_back(step());
  for (unsigned i = below(3); i > 0; --i) made.others.push_back(step());
  return made;
}

struct Shared {
  std::array<std::atomic<unsigned>, 2> words{};
  std::mutex mutex;
  std::shared_mutex shared_mutex;
  std::condition_variable condition;
  int count = 0;
};

/// Every wait has a deadline: so there are no deadlocks, at which a search would end.
long carry_out(const Step& step, Shared& shared) {
  std::atomic<unsigned>& word = shared.words[static_cast<std::size_t>(step.word)];
  std::atomic<unsigned>* const other = &shared.words[static_cast<std::size_t>(1 - step.word)];
  const timespec second{1, 0};
  switch (step.what) {
    case Do::store:
      word.store(step.number, std::memory_order_relaxed);
      return 0;
    case Do::load:
      return word.load(std::memory_order_acquire);
    case Do::add:
      return word.fetch_add(1, std::memory_order_acq_rel);
    case Do::wait:
      return futex(&word, FUTEX_WAIT, step.number, &second);
    case Do::wake:
      return futex(&word, FUTEX_WAKE, step.number == 0 ? 100 : 1);
    case Do::requeue:
      return futex(&word, FUTEX_REQUEUE, step.number, 1L, other);
    case Do::section: {
      const std::lock_guard lock(shared.mutex);
      return shared.count++;
    }
    case Do::try_section: {
      const std::unique_lock lock(shared.mutex, std::try_to_lock);
      return lock ? shared.count++ : -1;
    }
    case Do::shared: {
      const std::shared_lock lock(shared.shared_mutex);
      return word.load(std::memory_order_relaxed);
    }
    case Do::pause: {
      std::unique_lock lock(shared.mutex);
      const auto end = shared.condition.wait_for(lock, std::chrono::seconds(1));
      return end == std::cv_status::timeout ? -ETIMEDOUT : shared.count++;
    }
    case Do::notify: {
      const std::unique_lock lock(shared.shared_mutex);
      step.number == 0 ? shared.condition.notify_all() : shared.condition.notify_one();
      return 0;
    }
  }
  return 0;
}

/// Each thread notes at its end what its steps came to.
Program program_of(const Random& random) {
  return [&random] {
    Shared shared;
    const auto body = [&](const char* name, const Steps& steps) {
      std::string came_to = name;
      for (const Step& step : steps) came_to += ':' + std::to_string(carry_out(step, shared));
      outcome(came_to);
    };
    std::thread other([&] { body("other", random.others); });
    in_identical_threads(random.identical, [&] { body("one", random.steps); });
    other.join();
  };
}

/// In whatever order the threads noted it.
std::set<std::string> outcomes_of(const Result& result) {
  std::set<std::string> all;
  for (const auto& [notes, count] : result.outcomes) {
    std::istringstream in(notes);
    std::multiset<std::string> sorted;
    for (std::string note; in >> note;) sorted.insert(note);
    std::string text = "  ";
    for (const std::string& note : sorted) text += note + ' ';
    all.insert(text + '\n');
  }
  return all;
}

std::string text(const std::set<std::string>& outcomes) {
  std::string text;
  for (const std::string& one : outcomes) text += one;
  return text;
}

class RandomIdenticalThreads : public testing::TestWithParam<unsigned> {};

TEST_P(RandomIdenticalThreads, ComeToWhatTheyComeToInAllExecutions) {
  constexpr unsigned programs = 150;
  std::uint64_t reduced = 0, whole = 0;
  for (unsigned seed = GetParam(); seed < GetParam() + programs; ++seed) {
    const Random random = random_program(seed);
    Options options;
    options.timeouts = 1;
    options.spurious_wakes = seed % 2;
    options.symmetry = false;
    options.max_executions = 20'000;
    const Result all = explored(program_of(random), options);
    ASSERT_TRUE(all.found_nothing()) << "seed " << seed << ": " << all;
    if (!all.passed()) continue;  // too many
    options.symmetry = true;
    const Result some = explored(program_of(random), options);
    ASSERT_TRUE(some.passed()) << "seed " << seed << ": " << some;
    ASSERT_EQ(text(outcomes_of(some)), text(outcomes_of(all))) << "seed " << seed;
    const std::uint64_t permutations = random.identical == 2 ? 2 : 6;
    EXPECT_LE(some.executions, all.executions) << "seed " << seed;
    EXPECT_GE(some.executions * permutations, all.executions) << "seed " << seed;
    reduced += some.executions;
    whole += all.executions;
  }
  EXPECT_LT(reduced * 3, whole * 2);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomIdenticalThreads, testing::Values(1, 1'001, 2'001, 3'001));

}  // namespace
}  // namespace lockstep::check
