// hello_thread: start a thread that calls a function with an argument, and wait until it has ended.
//
// Prints
//   hello bob
#include <iostream>
#include <string_view>
#include <thread>

void greet(std::string_view name) { std::cout << "hello " << name << '\n'; }

int main() {
  std::thread child(greet, "bob");
  child.join();
}
