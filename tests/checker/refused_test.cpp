// What would block for real, or reach outside, is refused by its name and never done.
#include <semaphore.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

TEST(Refused, AFork) {
  const Program program = [] { (void)fork(); };
  EXPECT_TRUE(is_refused(program, {"fork is not modelled", LINE_OF("(void)fork()")}));
}

TEST(Refused, OutsideAnExplorationAllAreDone) {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_done = false;
  std::thread thread([&] {
    const std::scoped_lock guard(mutex);
    is_done = true;
    changed.notify_one();
  });
  std::unique_lock guard(mutex);
  EXPECT_TRUE(changed.wait_for(guard, std::chrono::minutes(1), [&] { return is_done; }));
  guard.unlock();
  thread.join();
  sem_t semaphore;
  sem_init(&semaphore, 0, 0);
  EXPECT_EQ(sem_post(&semaphore), 0);
  EXPECT_EQ(sem_wait(&semaphore), 0);
  sem_destroy(&semaphore);
  std::this_thread::sleep_for(std::chrono::microseconds(1));
}

}  // namespace
}  // namespace lockstep::check
