// spinner: something moves while a slow function runs. One Event is both the delay between two
// frames and the signal to stop, so the spinner stops at once, not after a frame.
//
// Shows for 500 ms, in one line, ten frames a second of
//   | loading...
// with a bar that turns; then wipes the line and prints
//   Result: 42
#include <chrono>
#include <cstddef>
#include <functional>
#include <iostream>
#include <lockstep/event.hpp>
#include <string_view>
#include <thread>

using namespace std::chrono_literals;

void spin(lockstep::Event& done) {
  constexpr std::string_view bars = "|/-\\";
  std::size_t frame = 0;
  do {
    std::cout << '\r' << bars[frame++ % bars.size()] << " loading..." << std::flush;
  } while (!done.wait_for(100ms));
  std::cout << "\r            \r";
}

int slow_function() {
  std::this_thread::sleep_for(500ms);
  return 42;
}

int main() {
  lockstep::Event done;
  std::thread spinner(spin, std::ref(done));
  const int result = slow_function();
  done.set();
  spinner.join();
  std::cout << "Result: " << result << '\n';
}
