// Random programs of POSIX calls: the exhaustive search and random walks must find the same outcomes, as in
// random_futex_test.cpp. Threads that wait for a lock wait without an event, and some executions end while they
// do: no execution in which they would have been first may be missed.
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "explored.hpp"

namespace lockstep::check {
namespace {

enum class Do {
  add,
  assume_added,
  lock,
  try_lock,
  timed_lock,
  read_lock,
  write_lock,
  try_read_lock,
  timed_wait,
  signal,
  broadcast,
  post,
  try_semaphore,
  timed_semaphore
};
constexpr unsigned kinds = 14;

struct Step {
  Do what;
  unsigned number;
};
/// A thread does its steps one after the other, or those after a lock within it.
using Steps = std::vector<std::vector<Step>>;

struct Objects {
  std::array<std::atomic<int>, 2> numbers{};
  pthread_mutex_t mutexes[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
  pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  sem_t semaphore;

  Objects() { sem_init(&semaphore, 0, 0); }
};

/// In half of the programs each thread does all that it does under one lock, and waits there for what another
/// does under it: of the orders in which they have it, some end at once.
Steps random_steps(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<unsigned>(random() % n); };
  constexpr unsigned steps = 6;
  constexpr std::array contended{Do::add, Do::post, Do::assume_added, Do::timed_semaphore};
  const bool is_contended = below(2) == 0;
  Steps all(2 + below(2));
  for (auto& thread : all) {
    if (is_contended) thread.push_back({Do::lock, 0});
  }
  for (unsigned i = 0; i < steps; ++i) {
    auto& thread = all[below(all.size())];
    if (is_contended) {
      thread.push_back({contended[below(contended.size())], 0});
    } else {
      const auto what = static_cast<Do>(below(kinds));
      thread.push_back({what, below(2)});
    }
  }
  return all;
}

/// Carries out the steps of a thread from one on. Locks are taken in one order: mutexes by their numbers, and
/// then the read-write lock; so that nobody waits in a circle. All other waits have a deadline.
class Body {
 public:
  Body(Objects& objects, const std::vector<Step>& steps, std::size_t thread)
      : objects_(objects), steps_(steps), thread_(thread) {}

  void run(std::size_t from = 0, unsigned level = 0) {
    for (std::size_t i = from; i < steps_.size() && !is_done_; ++i) carry_out(i, level);
    is_done_ = true;
  }

 private:
  void note(int result) {
    if (result < 0) result = errno;
    outcome(std::to_string(thread_) + ':' + std::to_string(result));
  }

  template <class Lock, class Unlock>
  void within(std::size_t step, unsigned level, unsigned mine, Lock lock, Unlock unlock) {
    if (mine < level) return;
    const int result = lock();
    note(result);
    if (result != 0) return;
    run(step + 1, mine + 1);
    unlock();
  }

  void carry_out(std::size_t i, unsigned level) {
    const Step& step = steps_[i];
    auto& number = objects_.numbers[step.number];
    pthread_mutex_t* const mutex = &objects_.mutexes[step.number];
    pthread_rwlock_t* const rwlock = &objects_.rwlock;
    timespec second{};
    clock_gettime(CLOCK_REALTIME, &second);
    ++second.tv_sec;
    const auto unlock = [=] { pthread_mutex_unlock(mutex); };
    const auto unlock_rw = [=] { pthread_rwlock_unlock(rwlock); };
    const auto with_mutex = [&](auto lock) { within(i, level, step.number, lock, unlock); };
    const auto with_rwlock = [&](auto lock) { within(i, level, 2, lock, unlock_rw); };
    switch (step.what) {
      case Do::add:
        return note(number.fetch_add(1, std::memory_order_relaxed));
      case Do::assume_added:  // ends here where it was the first
        return assume(number.load(std::memory_order_relaxed) != 0);
      case Do::lock:
        return with_mutex([=] { return pthread_mutex_lock(mutex); });
      case Do::try_lock:
        return with_mutex([=] { return pthread_mutex_trylock(mutex); });
      case Do::timed_lock:
        return with_mutex([&] { return pthread_mutex_timedlock(mutex, &second); });
      case Do::read_lock:
        return with_rwlock([=] { return pthread_rwlock_rdlock(rwlock); });
      case Do::write_lock:
        return with_rwlock([=] { return pthread_rwlock_wrlock(rwlock); });
      case Do::try_read_lock:
        return with_rwlock([=] { return pthread_rwlock_tryrdlock(rwlock); });
      case Do::timed_wait:
        if (level > 1) return;
        pthread_mutex_lock(&objects_.mutexes[1]);
        note(pthread_cond_timedwait(&objects_.condition, &objects_.mutexes[1], &second));
        pthread_mutex_unlock(&objects_.mutexes[1]);
        return;
      case Do::signal:
        return note(pthread_cond_signal(&objects_.condition));
      case Do::broadcast:
        return note(pthread_cond_broadcast(&objects_.condition));
      case Do::post:
        return note(sem_post(&objects_.semaphore));
      case Do::try_semaphore:
        return note(sem_trywait(&objects_.semaphore));
      case Do::timed_semaphore:
        return note(sem_timedwait(&objects_.semaphore, &second));
    }
  }

  Objects& objects_;
  const std::vector<Step>& steps_;
  const std::size_t thread_;
  bool is_done_ = false;
};

Program program_of(const Steps& steps) {
  return [&steps] {
    Objects objects;
    const auto body = [&](std::size_t thread) { Body(objects, steps[thread], thread).run(); };
    std::vector<std::thread> threads;
    for (std::size_t t = 1; t < steps.size(); ++t) threads.emplace_back(body, t);
    body(0);
    for (std::thread& thread : threads) thread.join();
  };
}

/// What each thread's calls came to, in whatever order the threads noted it.
std::string outcomes_of(const Result& result) {
  std::set<std::string> all;
  for (const auto& [notes, count] : result.outcomes) {
    std::array<std::string, 3> by_thread;
    std::istringstream in(notes);
    for (std::string note; in >> note;) {
      by_thread[static_cast<std::size_t>(note[0] - '0')] += note.substr(1);
    }
    all.insert(by_thread[0] + '|' + by_thread[1] + '|' + by_thread[2]);
  }
  std::string text;
  for (const std::string& one : all) text += "  " + one + '\n';
  return text;
}

class RandomPosixProgram : public testing::TestWithParam<unsigned> {};

TEST_P(RandomPosixProgram, HasTheSameOutcomesInTheSearchAndInWalks) {
  constexpr unsigned programs = 100;
  for (unsigned seed = GetParam(); seed < GetParam() + programs; ++seed) {
    const Steps steps = random_steps(seed);
    Options options;
    options.timeouts = seed % 3;
    options.spurious_wakes = seed % 2;
    const Result searched = explored(program_of(steps), options);
    ASSERT_TRUE(searched.passed()) << "seed " << seed << ": " << searched;
    std::string walked;
    for (options.random_walks = 1'000; options.random_walks <= 256'000;
         options.random_walks *= 16) {
      walked = outcomes_of(explored(program_of(steps), options));
      if (walked == outcomes_of(searched)) break;
    }
    EXPECT_EQ(walked, outcomes_of(searched)) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomPosixProgram, testing::Values(1, 1'001, 2'001));

}  // namespace
}  // namespace lockstep::check
