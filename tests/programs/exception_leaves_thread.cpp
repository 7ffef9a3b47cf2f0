// An exception leaves the function of a thread: main would catch it, but it never gets there.
// expect: status 1, "uncaught exception", "std::runtime_error"
#include <stdexcept>
#include <thread>

int main() {
  try {
    std::jthread thread([] { throw std::runtime_error("nobody is there"); });
  } catch (const std::runtime_error&) {
  }
}
