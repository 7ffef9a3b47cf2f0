#include "checker/system/mutex.hpp"

#include <cerrno>

namespace lockstep::check::system {
namespace {

Update taking_word(const Thread& me) {
  Update take;
  take.operation = Operation::compare_exchange;
  take.order = Order::acquire;
  take.size = sizeof(int);
  take.operand = me.id + 1;
  return take;
}

}  // namespace

Mutex::Mutex(const Call& call, pthread_mutex_t* mutex) : call_(call), mutex_(mutex) {
  constexpr int kinds = 3, robust_or_inheriting = 0x70;  // bits, as glibc has them
  call_.use(&mutex_->__data.__kind, sizeof mutex_->__data.__kind);
  kind_ = mutex_->__data.__kind & kinds;
  if ((mutex_->__data.__kind & robust_or_inheriting) != 0) {
    call_.refuse(
        "robust mutexes and those that change priorities are not modelled: give it the default "
        "attributes where it "
        "is explored");
  }
}

Update Mutex::taking() const { return taking_word(call_.me); }

int Mutex::lock() {
  if (Held* const held = call_.held(address())) {
    const int again = lock_again(*held);
    if (again == EBUSY) call_.misuse("a thread locks a mutex that it has: it waits for itself");
    return again == EBUSY ? EDEADLK : again;
  }
  take_when_free(false);
  return 0;
}

int Mutex::lock_again(Held& held) {
  if (kind_ == PTHREAD_MUTEX_ERRORCHECK) return EDEADLK;
  if (kind_ != PTHREAD_MUTEX_RECURSIVE) return EBUSY;
  ++held.depth;
  return 0;
}

void Mutex::take_when_free(bool is_timed) {
  call_.execution.change_when_possible(call_.me, word(), taking(), "locks",
                                       {"waits for the mutex", address(), is_timed});
  call_.take(address());
}

bool Mutex::take_now(const char* what) {
  if (!call_.execution.change(call_.me, word(), taking(), what).wrote) return false;
  call_.take(address());
  return true;
}

int Mutex::try_lock() {
  if (Held* const held = call_.held(address())) {
    return kind_ == PTHREAD_MUTEX_RECURSIVE ? lock_again(*held) : EBUSY;
  }
  return take_now("tries to lock") ? 0 : EBUSY;
}

int Mutex::lock_before(const Deadline& deadline) {
  if (Held* const held = call_.held(address())) {
    const int again = lock_again(*held);
    if (again != EBUSY) return again;
    deadline.come(call_);
    return ETIMEDOUT;
  }
  return take_before(
      call_, deadline, [&] { return take_now("locks"); }, [&] { take_when_free(true); });
}

int Mutex::unlock() {
  Held* const held = call_.held(address());
  if (held == nullptr) {
    const bool says_so = kind_ == PTHREAD_MUTEX_ERRORCHECK || kind_ == PTHREAD_MUTEX_RECURSIVE;
    if (!says_so) call_.misuse("a thread unlocks a mutex that it does not have");
    return EPERM;
  }
  if (--held->depth == 0) {
    held->depth = 1;
    static_cast<void>(release());
  }
  return 0;
}

std::uint32_t Mutex::release() {
  const Held held = *call_.held(address());
  call_.execution.put(call_.me, word(), Order::release, 0, "unlocks");
  call_.give_up(*call_.held(address()));
  return held.depth;
}

void Mutex::reacquire(std::uint32_t depth) {
  take_when_free(false);
  call_.held(address())->depth = depth;
}

void Mutex::end() {
  if (call_.execution.last_value(call_.me, word()) != 0) {
    call_.misuse("a mutex is destroyed while a thread has it");
  }
  call_.overwrite(mutex_, sizeof *mutex_);
}

// Spin locks

void SpinLock::lock() {
  call_.execution.change_when_possible(call_.me, word(), taking_word(call_.me), "locks",
                                       {"waits for the spin lock", address(), false});
  call_.take(address());
}

int SpinLock::try_lock() {
  const Seen seen =
      call_.execution.change(call_.me, word(), taking_word(call_.me), "tries to lock");
  if (!seen.wrote) return EBUSY;
  call_.take(address());
  return 0;
}

void SpinLock::unlock() {
  Held* const held = call_.held(address());
  if (held == nullptr) call_.misuse("a thread unlocks a spin lock that it does not have");
  call_.execution.put(call_.me, word(), Order::release, 0, "unlocks");
  call_.give_up(*call_.held(address()));
}

}  // namespace lockstep::check::system
