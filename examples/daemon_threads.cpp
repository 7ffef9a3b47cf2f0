// daemon_threads: does a program wait for its threads when main ends? Three answers.
//
// Joined: it does. Prints, the first two lines in any order,
//   from child thread: 0
//   App stop
//   from child thread: 1
//   ...
//   from child thread: 4
// and two empty lines. C++ has no daemons, which a program would not wait for. Instead it can
// request a thread to stop, as a jthread does in its destructor; or detach it. Both threads
// would count for ever here; the program prints at most a few lines of each, then
//   App stop
// and ends at once. Prefer the request: the thread finishes what it does. A detached one is cut
// off anywhere, and may until then use what main, or the end of the program, has destroyed.
#include <chrono>
#include <iostream>
#include <limits>
#include <lockstep/event.hpp>
#include <stop_token>
#include <string_view>
#include <syncstream>
#include <thread>

using namespace std::chrono_literals;

void count(const std::stop_token& stop, std::string_view name, int limit) {
  lockstep::Event alarm;  // which nobody sets, so that each wait is a pause
  for (int i = 0; i < limit && !stop.stop_requested(); ++i) {
    std::osyncstream(std::cout) << "from " << name << ": " << i << '\n';
    static_cast<void>(alarm.wait_for(50ms, stop));
  }
}

constexpr int for_ever = std::numeric_limits<int>::max();

int main() {
  std::thread child([] { count({}, "child thread", 5); });
  std::osyncstream(std::cout) << "App stop\n";
  child.join();
  std::cout << "\n\n";

  std::jthread stopped([](std::stop_token stop) { count(stop, "stopped daemon", for_ever); });
  std::thread([] { count({}, "detached daemon", for_ever); }).detach();
  std::this_thread::sleep_for(60ms);
  std::osyncstream(std::cout) << "App stop\n";
}
