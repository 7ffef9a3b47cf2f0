// stranger/main.cpp: a first program of someone new to Lockstep: two threads meet at six
// primitives. Prints "ok".
#include <chrono>
#include <cstddef>
#include <iostream>
#ifdef LOCKSTEP_SINGLE
#include <lockstep_single.hpp>
#else
#include <lockstep/lockstep.hpp>
#endif
#include <mutex>
#include <thread>

#ifdef LOCKSTEP_SINGLE
int count_in_a_task();  // tasks.cpp
#else
static int count_in_a_task() { return 3; }
#endif

int main() {
  using namespace std::chrono_literals;

  lockstep::Lock lock;
  lockstep::Semaphore permits{0};
  lockstep::Barrier both{2};
  lockstep::Condition condition;
  lockstep::Event rung;
  lockstep::Timer bell{1ms, [&] { rung.set(); }};

  int visits = 0;         // guarded by lock
  bool finished = false;  // guarded by condition
  std::size_t place = 0;

  std::thread other{[&] {
    permits.acquire();
    {
      std::scoped_lock guard{lock};
      ++visits;
    }
    place = both.wait();
    condition.acquire();
    finished = true;
    condition.notify_all();
    condition.release();
  }};

  {
    std::scoped_lock guard{lock};
    ++visits;
  }
  permits.release();
  const std::size_t own_place = both.wait();
  condition.acquire();
  condition.wait([&] { return finished; });
  condition.release();
  bell.start();
  rung.wait();
  bell.join();
  other.join();

  const bool ok = visits == 2 && own_place + place == 1 && count_in_a_task() == 3;
  std::cout << (ok ? "ok\n" : "wrong\n");
  return ok ? 0 : 1;
}
