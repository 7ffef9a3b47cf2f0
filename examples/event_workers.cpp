// event_workers: threads wait for an Event, and one call releases them all.
//
// Prints, the workers in any order but never before main,
//   Main thread
//   Worker: wrk 0
//   ...
//   Worker: wrk 4
#include <iostream>
#include <lockstep/event.hpp>
#include <syncstream>
#include <thread>
#include <vector>

int main() {
  lockstep::Event go;
  std::vector<std::jthread> workers;
  for (int i = 0; i < 5; ++i) {
    workers.emplace_back([&go, i] {
      go.wait();
      std::osyncstream(std::cout) << "Worker: wrk " << i << '\n';
    });
  }
  std::cout << "Main thread\n";
  go.set();
}
