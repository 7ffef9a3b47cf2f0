// hello_coroutine: a function that is suspended in the middle, while its thread could do something else.
//
// Prints
//   Hello ...
// and 100 ms later
//   ... World!
#include <chrono>
#include <iostream>
#include <lockstep/async.hpp>

using namespace std::chrono_literals;

lockstep::Task<> hello() {
  std::cout << "Hello ...\n";
  co_await lockstep::sleep_for(100ms);
  std::cout << "... World!\n";
}

int main() { lockstep::run(hello()); }
