// tests/structures/indexed_threads.hpp: threads that run the same, each with its number.
#pragma once

#include <array>
#include <cstddef>
#include <thread>

namespace structures {

/// Runs body(0) to body(n-1), each in a thread, and returns when all have ended.
template <int n, class Body>
void in_threads(const Body& body) {
  std::array<std::thread, n> threads;
  for (int i = 0; i < n; ++i) {
    threads[static_cast<std::size_t>(i)] = std::thread([&body, i] { body(i); });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace structures
