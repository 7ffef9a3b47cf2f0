// async_scope: a scope that has to wait when it is entered and left. A destructor cannot wait; `async_with` can,
// however the body ends.
//
// Each entering and leaving takes 50 ms. Prints
//   entering context
//   body, with page 1
//   exiting context
//   entering context
//   exiting context
//   caught: no such page
#include <chrono>
#include <iostream>
#include <lockstep/async.hpp>
#include <stdexcept>

using namespace std::chrono_literals;

struct Connection {
  lockstep::Task<int> enter() {
    std::cout << "entering context\n";
    co_await lockstep::sleep_for(50ms);
    co_return 1;
  }
  lockstep::Task<> exit() {
    co_await lockstep::sleep_for(50ms);
    std::cout << "exiting context\n";
  }
};

lockstep::Task<> use() {
  co_await lockstep::async_with(Connection(), [](int page) -> lockstep::Task<> {
    std::cout << "body, with page " << page << '\n';
    co_await lockstep::sleep_for(10ms);
  });
  try {
    co_await lockstep::async_with(Connection(), [](int) -> lockstep::Task<> {
      co_await lockstep::sleep_for(10ms);
      throw std::runtime_error("no such page");
    });
  } catch (const std::runtime_error& error) {
    std::cout << "caught: " << error.what() << '\n';
  }
}

int main() { lockstep::run(use()); }
