// benchmarks/main.cpp: the main function of every benchmark.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <latch>
#include <new>
#include <thread>

#include "measure.hpp"

// For those who count them.
void* operator new(std::size_t size) {
  ++bench::allocations;
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

int main(int argc, char** argv) {
#ifndef __OPTIMIZE__
  std::fputs(
      "benchmarks: built without optimization, so nothing is measured; build the preset release, "
      "as ./run bench does\n",
      stderr);
  return 2;
#endif
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  bench::register_benchmarks();

  // While a process has one thread only, glibc's mutexes do without atomic instructions. Nobody
  // needs a lock then, so there is a second one, asleep.
  std::latch finished(1);
  const std::jthread second([&] { finished.wait(); });
  benchmark::RunSpecifiedBenchmarks();
  finished.count_down();
  benchmark::Shutdown();
}
