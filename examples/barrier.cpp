// barrier: threads that do parts of a calculation, and main, which needs them all, meet at a
// Barrier.
//
// Prints, the first two lines in any order, the last when the slower part is done, after 100 ms,
//   Calc part1
//   Calc part2
//   Result:  23
#include <chrono>
#include <iostream>
#include <lockstep/barrier.hpp>
#include <syncstream>
#include <thread>

using namespace std::chrono_literals;

int main() {
  lockstep::Barrier parts_done(3);
  int square = 0;
  int twice = 0;

  std::thread part1([&] {
    std::osyncstream(std::cout) << "Calc part1\n";
    std::this_thread::sleep_for(50ms);
    square = 3 * 3;
    parts_done.wait();
  });
  std::thread part2([&] {
    std::osyncstream(std::cout) << "Calc part2\n";
    std::this_thread::sleep_for(100ms);
    twice = 7 * 2;
    parts_done.wait();
  });

  parts_done.wait();  // what the parts wrote before they came here is seen after it
  std::cout << "Result:  " << square + twice << '\n';
  part1.join();
  part2.join();
}
