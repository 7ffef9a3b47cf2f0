// benchmarks/sizes.cpp: how large Lockstep's primitives are, and those of others. Prints JSON: name and bytes.
#include <semaphore.h>

#include <barrier>
#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <latch>
#include <mutex>
#include <semaphore>

#include "lockstep/lockstep.hpp"

#ifdef LOCKSTEP_PEER_ABSL
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>
#endif
#ifdef LOCKSTEP_PEER_NSYNC
#include <nsync.h>
#endif
#ifdef LOCKSTEP_PEER_TBB
#include <oneapi/tbb/mutex.h>
#endif
#ifdef LOCKSTEP_PEER_BOOST_FIBER
#include <boost/fiber/all.hpp>
#endif
#ifdef LOCKSTEP_PEER_ASIO
#include <asio/steady_timer.hpp>
#endif

namespace {

struct Size {
  const char* name;
  std::size_t bytes;
};

constexpr Size sizes[] = {
    {"lockstep::Lock", sizeof(lockstep::Lock)},
    {"std::mutex", sizeof(std::mutex)},
#ifdef LOCKSTEP_PEER_ABSL
    {"absl::Mutex", sizeof(absl::Mutex)},
#endif
#ifdef LOCKSTEP_PEER_NSYNC
    {"nsync::nsync_mu", sizeof(nsync::nsync_mu)},
#endif
#ifdef LOCKSTEP_PEER_TBB
    {"tbb::mutex", sizeof(tbb::mutex)},
#endif
#ifdef LOCKSTEP_PEER_BOOST_FIBER
    {"boost::fibers::mutex", sizeof(boost::fibers::mutex)},
#endif
    {"lockstep::RLock", sizeof(lockstep::RLock)},
    {"std::recursive_mutex", sizeof(std::recursive_mutex)},
    {"lockstep::Condition", sizeof(lockstep::Condition)},
    {"std::condition_variable", sizeof(std::condition_variable)},
#ifdef LOCKSTEP_PEER_ABSL
    {"absl::CondVar", sizeof(absl::CondVar)},
#endif
#ifdef LOCKSTEP_PEER_NSYNC
    {"nsync::nsync_cv", sizeof(nsync::nsync_cv)},
#endif
    {"lockstep::Semaphore", sizeof(lockstep::Semaphore)},
    {"lockstep::BoundedSemaphore", sizeof(lockstep::BoundedSemaphore)},
    {"std::counting_semaphore<>", sizeof(std::counting_semaphore<>)},
    {"sem_t", sizeof(sem_t)},
    {"lockstep::Event", sizeof(lockstep::Event)},
    {"std::latch", sizeof(std::latch)},
#ifdef LOCKSTEP_PEER_ABSL
    {"absl::Notification", sizeof(absl::Notification)},
#endif
    {"lockstep::Barrier", sizeof(lockstep::Barrier)},
    {"std::barrier<>", sizeof(std::barrier<>)},
    {"pthread_barrier_t", sizeof(pthread_barrier_t)},
    {"lockstep::Timer", sizeof(lockstep::Timer)},
#ifdef LOCKSTEP_PEER_ASIO
    {"asio::steady_timer", sizeof(asio::steady_timer)},
#endif
};

}  // namespace

int main() {
  const char* separator = "{";
  for (const Size& size : sizes) {
    std::printf("%s\n \"%s\": %zu", separator, size.name, size.bytes);
    separator = ",";
  }
  std::printf("\n}\n");
}
