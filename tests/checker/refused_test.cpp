// What would block for real, or reach outside, is refused by its name and never done.
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

TEST(Refused, AMutex) {
  const Program program = [] {
    std::mutex mutex;
    mutex.lock();
  };
  EXPECT_TRUE(
      is_refused(program, {"pthread_mutex_lock is not modelled", LINE_OF("mutex.lock();")}));
}

TEST(Refused, ANotification) {
  EXPECT_TRUE(is_refused(
      [] {
        pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
        pthread_cond_signal(&condition);
      },
      {"pthread_cond_signal is not modelled"}));
}

TEST(Refused, ASleep) {
  EXPECT_TRUE(is_refused([] { std::this_thread::sleep_for(std::chrono::hours(1)); },
                         {"nanosleep is not modelled"}));
}

TEST(Refused, ASemaphoreOfTheStandardLibrary) {
  EXPECT_TRUE(is_refused(
      [] {
        std::counting_semaphore<> semaphore(0);
        std::thread thread([&] { semaphore.release(); });
        semaphore.acquire();
        thread.join();
      },
      {"is not modelled"}));
}

TEST(Refused, AFork) {
  EXPECT_TRUE(is_refused([] { (void)fork(); }, {"fork is not modelled"}));
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
