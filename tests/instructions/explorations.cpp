// tests/instructions/explorations.cpp: explorations of a few executions, of each kind of thing that the checker
// does for a program.
#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "lockstep/check.hpp"
#include "lockstep/lock.hpp"
#include "measured.hpp"
#include "tests/structures/indexed_threads.hpp"
#include "tests/structures/ms_queue.hpp"
#include "tests/structures/spinlock.hpp"

namespace {

namespace check = lockstep::check;
using structures::in_threads;

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto seq_cst = std::memory_order_seq_cst;

void empty() {}

void reads_and_writes() {
  std::atomic<int> x{0};
  in_threads<2>([&](int i) { i == 0 ? x.store(1, relaxed) : void(x.load(relaxed)); });
}

void sequentially_consistent() {
  std::atomic<int> x{0};
  std::atomic<int> y{0};
  in_threads<2>([&](int i) {
    (i == 0 ? x : y).store(1, seq_cst);
    (void)(i == 0 ? y : x).load(seq_cst);
  });
}

void read_modify_writes() {
  std::atomic<int> x{0};
  in_threads<2>([&](int) { x.fetch_add(1, relaxed); });
}

void spinning() {
  structures::TasLock<> lock;
  int count = 0;
  in_threads<2>([&](int) {
    lock.lock();
    ++count;
    lock.unlock();
  });
}

void data_structure() {
  structures::MsQueue<> queue;
  in_threads<2>([&](int i) { i == 0 ? queue.enqueue(1) : void(queue.dequeue()); });
}

void mutex_and_condition() {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_ready = false;
  in_threads<2>([&](int i) {
    std::unique_lock guard(mutex);
    if (i == 0) {
      is_ready = true;
      changed.notify_one();
    } else {
      changed.wait(guard, [&] { return is_ready; });
    }
  });
}

void a_primitive() {
  lockstep::Lock lock;
  int count = 0;
  in_threads<2>([&](int) {
    const std::scoped_lock guard(lock);
    ++count;
  });
}

void explore(const char* name, void (*program)(), const check::Options& options = {}) {
  instructions::measure(name, [&] {
    const auto result = check::explore(program, options);
    if (result.found_nothing()) return;
    std::fprintf(stderr, "%s: %s\n", name, result.report.c_str());
    std::exit(2);
  });
}

}  // namespace

int main() {
  check::Options few;  // executions suffice: to count an instruction takes microseconds
  few.max_executions = 3;
  few.spurious_wakes = 0;
  check::Options walks;
  walks.random_walks = 3;
  explore("nothing", &empty);
  explore("reads and writes", &reads_and_writes);
  explore("sequentially consistent", &sequentially_consistent);
  explore("read-modify-writes", &read_modify_writes);
  explore("waiting in a loop", &spinning);
  explore("Michael-Scott queue", &data_structure, few);
  explore("mutex and condition", &mutex_and_condition, few);
  explore("lockstep::Lock", &a_primitive, few);
  explore("random walks", &reads_and_writes, walks);
}
