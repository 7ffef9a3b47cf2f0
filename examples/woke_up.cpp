// woke_up: what goes wrong when `await` is forgotten; in C++ it does not compile.
//
// Prints after 500 ms
//   Woke up
// Each MISTAKE is one that Python reports only when the program runs, or by a warning, or not at all. The test
// compiles them too, and expects an error of each.
#include <chrono>
#include <iostream>
#include <lockstep/async.hpp>

using namespace std::chrono_literals;

void print(const char* text) { std::cout << text << '\n'; }

lockstep::Task<> sleep_and_print() {
#if MISTAKE == 1
  lockstep::sleep_for(
      500ms);  // no co_await: it would not sleep (an error with -Werror=unused-result)
#endif
  // std::this_thread::sleep_for(500ms) would compile here, and stop everybody else on this thread.
  co_await lockstep::sleep_for(500ms);
  print("Woke up");
}

lockstep::Task<> other_ways() {
#if MISTAKE == 2
  sleep_and_print();  // a task that nobody awaits: it would not begin
#elif MISTAKE == 3
  lockstep::create_task(print("Woke up"));  // the result of a call is no task
#elif MISTAKE == 4
  auto not_a_coroutine = [] { lockstep::Task<> task = lockstep::sleep_for(500ms); };
#endif
  co_await sleep_and_print();
}

int main() {
#if MISTAKE == 5
  co_await other_ways();  // main is no coroutine
#endif
  lockstep::run(other_ways());
}
