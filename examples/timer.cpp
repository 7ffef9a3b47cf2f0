// timer: a Timer calls a function later, unless it is cancelled before.
//
// Prints at once
//   Cancelled in time
// and after 300 ms, for which the program waits,
//   Message from Timer!
#include <chrono>
#include <iostream>
#include <lockstep/timer.hpp>

using namespace std::chrono_literals;

int main() {
  lockstep::Timer much_later(1h, [] { std::cout << "Never printed\n"; });
  much_later.start();
  if (much_later.cancel()) std::cout << "Cancelled in time\n";

  lockstep::Timer soon(300ms, [] { std::cout << "Message from Timer!\n"; });
  soon.start();
  soon.join();  // without it, the end of `soon` would cancel it
}
