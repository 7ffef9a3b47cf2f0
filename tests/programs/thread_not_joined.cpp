// An exception between the beginning of a thread and its join: the destructor of the thread terminates the program.
// expect: status 1, "std::terminate was called"
#include <atomic>
#include <stdexcept>
#include <thread>

int main() {
  std::atomic<bool> has_failed{false};
  try {
    std::thread thread([&] { has_failed = true; });
    if (has_failed) throw std::runtime_error("too late to join");
    thread.join();
  } catch (const std::runtime_error&) {
  }
}
