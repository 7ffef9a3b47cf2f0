// stranger/check.cpp: the first test of someone new to the checker: a lock that works, and an increment that does
// not. Says "ok" if it told them apart.
#include <iostream>
#include <lockstep/check.hpp>
#include <lockstep/lock.hpp>
#include <mutex>
#include <thread>

int main() {
  using lockstep::check::explore;

  const auto guarded = explore([] {
    lockstep::Lock lock;
    int count = 0;
    const auto increment = [&] {
      const std::scoped_lock guard(lock);
      ++count;
    };
    std::thread other(increment);
    increment();
    other.join();
    lockstep::check::require(count == 2);
  });
  const auto raced = explore([] {
    int count = 0;
    std::thread other([&] { ++count; });
    ++count;
    other.join();
  });

  const bool ok = guarded.passed() && guarded.executions > 1 &&
                  raced.wrong == lockstep::check::Wrong::data_race;
  if (!ok) std::cout << guarded << raced;
  std::cout << (ok ? "ok\n" : "wrong\n");
  return ok ? 0 : 1;
}
