#include "checker/system/barrier.hpp"

#include <cerrno>
#include <cstring>

namespace lockstep::check::system {

/// Where glibc has it.
char* Barrier::parties() const noexcept {
  constexpr std::size_t offset = 8;
  return reinterpret_cast<char*>(barrier_) + offset;
}

int Barrier::begin(unsigned count) {
  if (count == 0) return EINVAL;
  call_.overwrite(barrier_, sizeof *barrier_);
  std::memset(barrier_, 0, sizeof *barrier_);
  std::memcpy(parties(), &count, sizeof count);
  return 0;
}

void Barrier::end() {
  if (call_.execution.last_value(call_.me, queue()) != 0) {
    call_.misuse("a barrier is destroyed while a thread waits at it");
  }
  call_.overwrite(barrier_, sizeof *barrier_);
}

int Barrier::wait() {
  call_.use(parties(), sizeof(unsigned));
  Update come = queue_update(Operation::assemble, call_.me.id);
  come.order = Order::acq_rel;
  std::memcpy(&come.parties, parties(), sizeof come.parties);
  const Seen seen = call_.execution.change(call_.me, queue(), come, "comes to the barrier");
  if (come.written(seen.value) == 0) return PTHREAD_BARRIER_SERIAL_THREAD;
  check_room(call_, seen, come);
  call_.execution.sleep(call_.me, Order::acquire, {"waits at the barrier", queue().address, false});
  return 0;
}

}  // namespace lockstep::check::system
