// An exception is caught in one thread and thrown again in another, after the join.
// expect: status 0, executions 1
#include <cassert>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>

int main() {
  std::exception_ptr failure;
  std::thread([&] {
    try {
      throw std::runtime_error("elsewhere");
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  try {
    std::rethrow_exception(failure);
  } catch (const std::runtime_error& error) {
    assert(std::string("elsewhere") == error.what());
  }
}
