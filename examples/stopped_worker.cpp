// stopped_worker: how to end a thread that would work for ever: ask it to.
//
// First by a flag under a Lock. Then by a std::stop_token, which every wait of Lockstep takes too:
// the worker notices the request at once, even during its pause. Prints twice, the second line
// about 20 times each,
//   Start infinite_worker()
//   --> thread work
//   Stop infinite_worker()
#include <chrono>
#include <iostream>
#include <lockstep/event.hpp>
#include <lockstep/lock.hpp>
#include <mutex>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;

lockstep::Lock lock;
bool stop_wanted = false;  // guarded by lock

bool is_stop_wanted() {
  const std::scoped_lock guard(lock);
  return stop_wanted;
}

void infinite_worker() {
  std::cout << "Start infinite_worker()\n";
  do {
    std::cout << "--> thread work\n";
    std::this_thread::sleep_for(10ms);
  } while (!is_stop_wanted());
  std::cout << "Stop infinite_worker()\n";
}

void infinite_worker_with_token(std::stop_token stop) {
  std::cout << "Start infinite_worker()\n";
  lockstep::Event alarm;  // which nobody sets, so that each wait is a pause
  do {
    std::cout << "--> thread work\n";
  } while (!alarm.wait_for(10ms, stop) && !stop.stop_requested());
  std::cout << "Stop infinite_worker()\n";
}

int main() {
  std::thread worker(infinite_worker);
  std::this_thread::sleep_for(200ms);
  {
    const std::scoped_lock guard(lock);
    stop_wanted = true;
  }
  worker.join();

  std::jthread worker_with_token(infinite_worker_with_token);
  std::this_thread::sleep_for(200ms);
}  // a jthread requests the stop, and joins, when it is destroyed
