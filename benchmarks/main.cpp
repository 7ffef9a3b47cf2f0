// benchmarks/main.cpp: the main function of every benchmark.
#include <benchmark/benchmark.h>

#include <latch>
#include <thread>

#include "measure.hpp"

int main(int argc, char** argv) {
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
