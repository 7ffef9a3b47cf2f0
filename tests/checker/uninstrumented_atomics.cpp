// Compiled without the instrumentation and without optimization, on purpose: so those of std::atomic's functions that need
// not be inlined are functions here, and the linker takes these for all who call them.
#include <atomic>

void count_elsewhere(std::atomic<int>& count) { count++; }
