// spinner_task: a spinner beside a slow function, as in spinner.cpp, but both on one thread; it is cancelled
// when the result is there.
//
// Shows for 500 ms, in one line, ten frames a second of
//   | loading...
// with a bar that turns; then prints
//   Task is cancelled
// wipes what is in the line, and prints
//   Result is 1337
// If the slow function calculated instead of waiting, it would have to do so in another thread (`co_await
// to_thread(...)`), or the spinner would stand still.
#include <chrono>
#include <cstddef>
#include <iostream>
#include <lockstep/async.hpp>
#include <string_view>

using namespace std::chrono_literals;

lockstep::Task<> spin() {
  constexpr std::string_view bars = "|/-\\";
  try {
    for (std::size_t frame = 0;; ++frame) {
      std::cout << '\r' << bars[frame % bars.size()] << " loading..." << std::flush;
      co_await lockstep::sleep_for(100ms);
    }
  } catch (const lockstep::CancelledError&) {
    std::cout << "\rTask is cancelled\n";
    throw;
  }
}

lockstep::Task<int> slow_function() {
  co_await lockstep::sleep_for(500ms);
  co_return 1337;
}

lockstep::Task<> supervise() {
  auto spinner = lockstep::create_task(spin());
  const int result = co_await slow_function();
  spinner.cancel();
  co_await lockstep::gather(lockstep::return_exceptions, spinner);  // waits for its last word
  std::cout << "\r            \rResult is " << result << '\n';
}

int main() { lockstep::run(supervise()); }
