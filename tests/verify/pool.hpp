// tests/verify/pool.hpp: many tasks, each in a process of its own, a few at a time.
//
// A process each, because the checker explores one program at a time in a process, and because what is explored may
// hang or crash.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace verify {

/// How a task came out.
struct Outcome {
  std::string text;  // what it returned, unless it hung or crashed
  bool hung = false;
  bool crashed = false;
  std::chrono::milliseconds time{0};  // on the clock
};

/// Runs `work(0)` to `work(tasks - 1)`, each in a process, `jobs` of them at a time, and calls `done` in the caller's
/// process when one has ended. A task that takes longer than `patience` is killed. `idle` is called in
/// between, several times a second. Throws std::system_error if there can be no more processes.
void run_in_processes(std::size_t tasks, unsigned jobs, std::chrono::milliseconds patience,
                      const std::function<std::string(std::size_t)>& work,
                      const std::function<void(std::size_t, const Outcome&)>& done,
                      const std::function<void()>& idle);

}  // namespace verify
