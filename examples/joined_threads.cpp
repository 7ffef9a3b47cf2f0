// joined_threads: threads run side by side; join waits until one has ended.
//
// A child counts, and main at half its speed; then two more threads do, while main waits for them.
// Prints in 750 ms, the first ten lines mixed by chance, and so the next ten,
//   child: 0
//   main: 0
//   child: 1
//   ...
//   main: 4
//   second: 0
//   third: 0
//   ...
//   third: 4
//   second: 4
//   --> stop
#include <chrono>
#include <iostream>
#include <string_view>
#include <syncstream>
#include <thread>

using namespace std::chrono_literals;

void count(std::string_view name, std::chrono::milliseconds pause) {
  for (int i = 0; i < 5; ++i) {
    std::osyncstream(std::cout) << name << ": " << i << '\n';
    std::this_thread::sleep_for(pause);
  }
}

int main() {
  std::thread child(count, "child", 50ms);
  count("main", 100ms);
  child.join();

  std::thread second(count, "second", 50ms);
  std::thread third(count, "third", 50ms);
  second.join();
  third.join();
  std::cout << "--> stop\n";
}
