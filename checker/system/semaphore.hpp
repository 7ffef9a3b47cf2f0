// checker/system/semaphore.hpp: POSIX semaphores without a name. The state is the count, an atomic object.
#pragma once

#include <semaphore.h>

#include "checker/system/time.hpp"

namespace lockstep::check::system {

class Semaphore {
 public:
  Semaphore(const Call& call, sem_t* semaphore) : call_(call), semaphore_(semaphore) {}

  // 0 or an error number
  [[nodiscard]] int begin(unsigned count);
  [[nodiscard]] int end();
  [[nodiscard]] int wait();
  [[nodiscard]] int try_wait();
  [[nodiscard]] int wait_before(const Deadline& deadline);
  [[nodiscard]] int post();
  [[nodiscard]] int value() const;

 private:
  void wait_until_positive(bool is_timed);
  [[nodiscard]] Object count() const noexcept {  // where glibc has it
    return {reinterpret_cast<std::uintptr_t>(semaphore_), sizeof(unsigned)};
  }

  const Call call_;
  sem_t* const semaphore_;
};

}  // namespace lockstep::check::system
