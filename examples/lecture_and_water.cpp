// lecture_and_water: two tasks of one event loop, first as the loop is run until one or the other is done, then
// gathered.
//
// Prints at once, after 100 ms and after 200 ms
//   hello
//   first sip
//   ...saying boring stuff...
//   second sip
//   hydrated!
//   done!
//   knowledge
// and once more, but with both results at the end, in the order of the arguments:
//   knowledge, hydrated!
#include <chrono>
#include <iostream>
#include <lockstep/async.hpp>
#include <string>

using namespace std::chrono_literals;

lockstep::Task<std::string> read_lecture(std::chrono::milliseconds pause) {
  std::cout << "hello\n";
  co_await lockstep::sleep_for(pause);
  std::cout << "...saying boring stuff...\n";
  co_await lockstep::sleep_for(pause);
  std::cout << "done!\n";
  co_return "knowledge";
}

lockstep::Task<std::string> drink_water(std::chrono::milliseconds pause) {
  std::cout << "first sip\n";
  co_await lockstep::sleep_for(pause);
  std::cout << "second sip\n";
  co_return "hydrated!";
}

lockstep::Task<> both() {
  const auto [lecture, water] = co_await lockstep::gather(read_lecture(100ms), drink_water(100ms));
  std::cout << lecture << ", " << water << '\n';
}

int main() {
  lockstep::EventLoop loop;
  auto lecture = loop.create_task(read_lecture(100ms));
  auto water = loop.create_task(drink_water(100ms));
  std::cout << loop.run_until_complete(water) << '\n';  // the lecture goes on meanwhile
  std::cout << loop.run_until_complete(lecture) << '\n';

  loop.run_until_complete(both());
}
