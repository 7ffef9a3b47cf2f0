// stranger/tasks.cpp: the other half of the program that lockstep_single.hpp is tested with: what main.cpp uses
// comes a second time, and the coroutines of asyncio's kind once.
#ifdef LOCKSTEP_SINGLE
#include <lockstep_single.hpp>
#else
#include <lockstep/async.hpp>
#include <lockstep/lockstep.hpp>
#endif

namespace {

lockstep::Task<int> counted(lockstep::Semaphore& permits, int times) {
  int had = 0;
  while (had < times) {
    co_await permits.async_acquire();
    ++had;
  }
  co_return had;
}

}  // namespace

/// Waits for so many permits that there are; 3.
int count_in_a_task() {
  lockstep::Semaphore permits{3};
  return lockstep::run(counted(permits, 3));
}
