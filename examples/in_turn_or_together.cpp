// in_turn_or_together: a coroutine that is awaited runs as part of the one that awaits it; only a task of its
// own, which gather makes too, runs besides.
//
// Each says its first word at once and its second 100 ms later. Prints
//   One: 1 Daft, 1 Academy.
//   One after the other: 1 Daft, 1 Academy, 2 Daft, 2 Academy.
//   Together: 1 Daft, 2 Daft, 1 Academy, 2 Academy.
//   As tasks: created, 1 Daft, 2 Daft, 1 Academy, 2 Academy.
// In the last line it can be seen that create_task does not start anything: it asks the loop to, in
// its next pass, which comes when main awaits something.
#include <chrono>
#include <iostream>
#include <lockstep/async.hpp>

using namespace std::chrono_literals;

const char* separator = "";

void begin_line(const char* name) {
  std::cout << name << ": ";
  separator = "";
}

void say(int number, const char* word) {
  std::cout << separator << number << ' ' << word;
  separator = ", ";
}

lockstep::Task<> daft_academy(int number) {
  say(number, "Daft");
  co_await lockstep::sleep_for(100ms);
  say(number, "Academy");
}

lockstep::Task<> speak() {
  begin_line("One");
  co_await daft_academy(1);

  begin_line(".\nOne after the other");
  co_await daft_academy(1);
  co_await daft_academy(2);

  begin_line(".\nTogether");
  co_await lockstep::gather(daft_academy(1), daft_academy(2));

  begin_line(".\nAs tasks");
  auto first = lockstep::create_task(daft_academy(1));
  auto second = lockstep::create_task(daft_academy(2));
  std::cout << "created, ";
  co_await first;
  co_await second;
  std::cout << ".\n";
}

int main() { lockstep::run(speak()); }
