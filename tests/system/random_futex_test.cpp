// Random programs of futex calls: the exhaustive search and random walks, which share the model of the system
// but not the way to its executions, must find the same outcomes. A walk takes calls one after the other, as
// the kernel does; the search reaches most executions by revisiting others.
#include <algorithm>
#include <array>
#include <atomic>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "explored.hpp"
#include "futex_calls.hpp"

namespace lockstep::check {
namespace {

enum class Do { store, load, add, wait, wait_by_bit, wake, wake_by_bit, requeue, compare_requeue };

struct Step {
  Do what;
  int word;
  unsigned number;
};
using Steps = std::vector<std::vector<Step>>;  // of each thread
using Words = std::array<std::atomic<unsigned>, 2>;

Steps random_steps(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  constexpr unsigned steps = 5;
  Steps all(2 + below(2));
  for (unsigned i = 0; i < steps; ++i) {
    all[below(static_cast<unsigned>(all.size()))].push_back(
        {static_cast<Do>(below(9)), static_cast<int>(below(2)), below(2)});
  }
  return all;
}

bool moves(const Steps& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const std::vector<Step>& thread) {
    return std::any_of(thread.begin(), thread.end(), [](const Step& step) {
      return step.what == Do::requeue || step.what == Do::compare_requeue;
    });
  });
}

/// Every wait has a deadline: so there are no deadlocks, at which a search would end.
long carry_out(const Step& step, Words& words) {
  std::atomic<unsigned>& word = words[static_cast<std::size_t>(step.word)];
  std::atomic<unsigned>* const other = &words[static_cast<std::size_t>(1 - step.word)];
  const timespec second{1, 0}, far{2'000'000'000, 0};
  switch (step.what) {
    case Do::store:
      word.store(step.number, std::memory_order_relaxed);
      return 0;
    case Do::load:
      return word.load(std::memory_order_relaxed);
    case Do::add:
      return word.fetch_add(1, std::memory_order_acq_rel);
    case Do::wait:
      return futex(&word, FUTEX_WAIT, step.number, &second);
    case Do::wait_by_bit:
      return futex(&word, FUTEX_WAIT_BITSET, 0, &far, nullptr, 1U << step.number);
    case Do::wake:
      return futex(&word, FUTEX_WAKE, step.number == 0 ? 100 : 1);
    case Do::wake_by_bit:
      return futex(&word, FUTEX_WAKE_BITSET, 1, nullptr, nullptr, 1U << step.number);
    case Do::requeue:
      return futex(&word, FUTEX_REQUEUE, step.number, 1L, other);
    case Do::compare_requeue:
      return futex(&word, FUTEX_CMP_REQUEUE, 1, 1L, other, step.number);
  }
  return 0;
}

Program program_of(const Steps& steps) {
  return [&steps] {
    Words words{};
    const auto body = [&](std::size_t thread) {
      for (const Step& step : steps[thread]) {
        outcome(std::to_string(thread) + ':' + std::to_string(carry_out(step, words)));
      }
    };
    std::vector<std::thread> threads;
    for (std::size_t t = 1; t < steps.size(); ++t) threads.emplace_back(body, t);
    body(0);
    for (std::thread& thread : threads) thread.join();
  };
}

/// What each thread's calls came to, in whatever order the threads noted it.
std::set<std::string> outcomes_of(const Result& result) {
  std::set<std::string> all;
  for (const auto& [notes, count] : result.outcomes) {
    std::array<std::string, 3> by_thread;
    std::istringstream in(notes);
    for (std::string note; in >> note;) {
      by_thread[static_cast<std::size_t>(note[0] - '0')] += note.substr(1);
    }
    all.insert(by_thread[0] + '|' + by_thread[1] + '|' + by_thread[2]);
  }
  return all;
}

std::string text(const std::set<std::string>& outcomes) {
  std::string text;
  for (const std::string& one : outcomes) text += "  " + one + '\n';
  return text;
}

class RandomFutexProgram : public testing::TestWithParam<unsigned> {};

TEST_P(RandomFutexProgram, HasTheSameOutcomesInTheSearchAndInWalks) {
  constexpr unsigned programs = 100;
  for (unsigned seed = GetParam(); seed < GetParam() + programs; ++seed) {
    const Steps steps = random_steps(seed);
    Options options;
    options.timeouts = 3;
    options.spurious_wakes = 0;
    const Result searched = explored(program_of(steps), options);
    ASSERT_TRUE(searched.passed()) << "seed " << seed << ": " << searched;
    std::set<std::string> walked;
    // A rare outcome takes many walks: more of them until all are met, or it is clear that one is not.
    for (options.random_walks = 2'000; options.random_walks <= 512'000;
         options.random_walks *= 16) {
      walked = outcomes_of(explored(program_of(steps), options));
      if (walked == outcomes_of(searched)) break;
    }
    EXPECT_EQ(text(walked), text(outcomes_of(searched))) << "seed " << seed;
  }
}

// None ends where a thread would go to sleep though it was woken before, or times out though it was; nor waits a
// thread for ever that could time out. But for these: a requeue compares, or comes between such a choice and the leaving
// of the queue.
TEST_P(RandomFutexProgram, HasAnExecutionForEachRandomWalkIfNobodyIsMoved) {
  constexpr unsigned programs = 100;
  for (unsigned seed = GetParam(); seed < GetParam() + programs; ++seed) {
    const Steps steps = random_steps(seed);
    if (moves(steps)) continue;
    Options options;
    options.timeouts = 5;
    options.random_walks = 200;
    EXPECT_EQ(explored(program_of(steps), options).executions, options.random_walks)
        << "seed " << seed;
  }
}

TEST_P(RandomFutexProgram, CanBeCutShortAnywhere) {
  constexpr unsigned programs = 20;
  constexpr std::size_t most_events = 12;
  for (unsigned seed = GetParam(); seed < GetParam() + programs; ++seed) {
    const Steps steps = random_steps(seed);
    Options options;
    for (options.max_events = 1; options.max_events <= most_events; ++options.max_events) {
      EXPECT_TRUE(explored(program_of(steps), options).found_nothing()) << "seed " << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomFutexProgram, testing::Values(1, 1'001, 2'001, 3'001, 4'001));

}  // namespace
}  // namespace lockstep::check
