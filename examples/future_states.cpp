// future_states: what can be done with a Future while it is pending, done, failed, or cancelled.
//
// Prints
//   pending: Future::result: it is not done
//   done: 42; set again: Future::set_result: it is done already
//   failed: no such page
//   cancelled: true, lockstep: the task was cancelled; cancel again: false
//   awaited: 7, set by a thread
#include <exception>
#include <iostream>
#include <lockstep/async.hpp>
#include <stdexcept>
#include <thread>

/// Prints what `call` gives or throws.
template <class Call>
void show(Call call) {
  try {
    std::cout << call();
  } catch (const std::exception& error) {
    std::cout << error.what();
  }
}

int main() {
  lockstep::Future<int> future;
  std::cout << "pending: ";
  show([&] { return future.result(); });

  future.set_result(42);
  std::cout << "\ndone: ";
  show([&] { return future.result(); });
  std::cout << "; set again: ";
  show([&] { return future.set_result(43), future.result(); });

  lockstep::Future<int> failed;
  failed.set_exception(std::runtime_error("no such page"));
  std::cout << "\nfailed: ";
  show([&] { return failed.result(); });

  lockstep::Future<int> cancelled;
  std::cout << "\ncancelled: " << std::boolalpha << cancelled.cancel() << ", ";
  show([&] { return cancelled.result(); });
  std::cout << "; cancel again: " << cancelled.cancel();

  lockstep::Future<int> awaited;  // all copies are the same future
  const std::jthread provider([awaited]() mutable { awaited.set_result(7); });
  const auto wait_for_it = [&]() -> lockstep::Task<int> { co_return co_await awaited; };
  std::cout << "\nawaited: " << lockstep::run(wait_for_it()) << ", set by a thread\n";
}
