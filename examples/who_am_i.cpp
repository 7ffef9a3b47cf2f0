// who_am_i: an RLock may be acquired again by the thread that owns it; others come in one by one.
//
// Each of four threads owns the lock for 100 ms, and calls a function that acquires it too; with a
// Lock it would wait for itself there. Prints at once, the first four lines in any order,
//   Thread 0 says: I'm function 0
//   ...
//   Thread 3 says: I'm function 3
//   While the first owns the lock: [2]
// and 400 ms later, in the order in which they owned it,
//   After the last: [2, 0, 1, 3]
#include <chrono>
#include <iostream>
#include <lockstep/barrier.hpp>
#include <lockstep/event.hpp>
#include <lockstep/rlock.hpp>
#include <mutex>
#include <syncstream>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

lockstep::RLock lock;
std::vector<int> owners;  // guarded by lock
lockstep::Barrier all_have_spoken(4);
lockstep::Event one_is_in;
lockstep::Event main_has_looked;

void remember(int number) {
  const std::scoped_lock guard(lock);
  owners.push_back(number);
}

void who_am_i(int number) {
  std::osyncstream(std::cout) << "Thread " << number << " says: I'm function " << number << '\n';
  all_have_spoken.wait();
  const std::scoped_lock guard(lock);
  remember(number);
  one_is_in.set();
  main_has_looked.wait();
  std::this_thread::sleep_for(100ms);
}

void print_owners(const char* when) {
  std::osyncstream line(std::cout);
  line << when;
  for (const char* separator = ": ["; const int owner : owners) {
    line << separator << owner;
    separator = ", ";
  }
  line << "]\n";
}

int main() {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(who_am_i, i);
  one_is_in.wait();
  print_owners("While the first owns the lock");  // which it does not leave before main has looked
  main_has_looked.set();
  threads.clear();
  print_owners("After the last");
}
