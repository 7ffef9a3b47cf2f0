// checker/system/barrier.hpp: POSIX barriers. Who has come sleeps in a queue; the last one empties it, and
// what any of them did before happens before what any does after.
#pragma once

#include <pthread.h>

#include "checker/system/queue.hpp"

namespace lockstep::check::system {

class Barrier {
 public:
  Barrier(const Call& call, pthread_barrier_t* barrier) : call_(call), barrier_(barrier) {}

  [[nodiscard]] int begin(unsigned parties);
  void end();
  /// 0, or to one of them PTHREAD_BARRIER_SERIAL_THREAD.
  [[nodiscard]] int wait();

 private:
  [[nodiscard]] Object queue() const noexcept {
    return {reinterpret_cast<std::uintptr_t>(barrier_), 0};
  }
  [[nodiscard]] char* parties() const noexcept;

  const Call call_;
  pthread_barrier_t* const barrier_;
};

}  // namespace lockstep::check::system
