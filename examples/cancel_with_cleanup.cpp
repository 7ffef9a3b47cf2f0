// cancel_with_cleanup: a task that is cancelled gets a CancelledError where it waits, and cleans up. Whether it
// then counts as cancelled is up to it: one keeps the exception for itself, the other lets it pass.
//
// Prints
//   1: Daft
//   2: Daft
// and 100 ms later (never "Academy")
//   Cancel both
//   Cancelled both
//   1: Doing cleanup
//   2: Doing cleanup
//   1: is done, and not cancelled
//   2: is done, and cancelled
// The CancelledError is thrown when the loop comes to the task, not within cancel().
#include <chrono>
#include <iostream>
#include <lockstep/async.hpp>

using namespace std::chrono_literals;

lockstep::Task<> daft_academy(int number, bool passes_it_on) {
  std::cout << number << ": Daft\n";
  try {
    co_await lockstep::sleep_for(1h);
    std::cout << number << ": Academy\n";
  } catch (const lockstep::CancelledError&) {
    std::cout << number << ": Doing cleanup\n";
    if (passes_it_on) throw;
  }
}

void report(int number, const lockstep::Task<>& task) {
  std::cout << number << ": is " << (task.done() ? "done" : "not done") << ", and "
            << (task.cancelled() ? "cancelled" : "not cancelled") << '\n';
}

lockstep::Task<> cancel_both() {
  auto first = lockstep::create_task(daft_academy(1, false));
  auto second = lockstep::create_task(daft_academy(2, true));
  co_await lockstep::sleep_for(100ms);
  std::cout << "Cancel both\n";
  first.cancel();
  second.cancel();
  std::cout << "Cancelled both\n";
  co_await lockstep::gather(lockstep::return_exceptions, first, second);
  report(1, first);
  report(2, second);
}

int main() { lockstep::run(cancel_both()); }
