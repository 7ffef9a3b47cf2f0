// stranger/main.cpp: a first program of someone new to Lockstep: two threads meet at six
// primitives. Prints "ok".
#include <chrono>
#include <cstddef>
#include <iostream>
#include <lockstep/lockstep.hpp>
#include <mutex>
#include <thread>

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

  const bool ok = visits == 2 && own_place + place == 1;
  std::cout << (ok ? "ok\n" : "wrong\n");
  return ok ? 0 : 1;
}
