#include "checker/system/rwlock.hpp"

#include <cerrno>
#include <cstring>

namespace lockstep::check::system {

Update RwLock::taking(bool is_shared) noexcept {
  Update take;
  take.operation = is_shared ? Operation::add : Operation::compare_exchange;
  take.when = is_shared ? When::unless_equal : When::equal;
  take.expected = is_shared ? written : 0;
  take.operand = is_shared ? 1 : written;
  take.order = Order::acquire;
  take.size = sizeof(std::uint32_t);
  return take;
}

int RwLock::check_own(bool is_shared) const noexcept {
  const Held* const held = call_.held(state().address);
  return held != nullptr && (!held->is_shared || !is_shared) ? EDEADLK : 0;
}

int RwLock::lock(bool is_shared) { return take_when_free(is_shared, false); }

int RwLock::take_when_free(bool is_shared, bool is_timed) {
  const Held* const held = call_.held(state().address);
  if (held != nullptr && !held->is_shared) return EDEADLK;
  call_.execution.change_when_possible(
      call_.me, state(), taking(is_shared), is_shared ? "locks shared" : "locks",
      {is_shared ? "waits to read under the lock" : "waits to write under the lock",
       state().address, is_timed});
  call_.take(state().address, is_shared);
  return 0;
}

bool RwLock::take_now(bool is_shared, const char* what) {
  if (!call_.execution.change(call_.me, state(), taking(is_shared), what).wrote) return false;
  call_.take(state().address, is_shared);
  return true;
}

int RwLock::try_lock(bool is_shared) {
  if (check_own(is_shared) != 0) return EBUSY;
  return take_now(is_shared, is_shared ? "tries to lock shared" : "tries to lock") ? 0 : EBUSY;
}

int RwLock::lock_before(bool is_shared, const Deadline& deadline) {
  if (const int error = check_own(is_shared);
      error != 0 && !call_.held(state().address)->is_shared) {
    return error;
  }
  return take_before(
      call_, deadline, [&] { return take_now(is_shared, is_shared ? "locks shared" : "locks"); },
      [&] { static_cast<void>(take_when_free(is_shared, true)); });  // it is not the writer itself
}

int RwLock::unlock() {
  const Held* const held = call_.held(state().address);
  if (held == nullptr) call_.misuse("a thread unlocks a read-write lock that it does not have");
  if (held->is_shared) {
    Update leave;
    leave.operation = Operation::subtract;
    leave.order = Order::release;
    leave.size = sizeof(std::uint32_t);
    leave.operand = 1;
    call_.execution.change(call_.me, state(), leave, "unlocks shared");
  } else {
    call_.execution.put(call_.me, state(), Order::release, 0, "unlocks");
  }
  call_.give_up(*call_.held(state().address));  // it may be elsewhere after an event
  return 0;
}

void RwLock::begin() {
  call_.overwrite(lock_, sizeof *lock_);
  std::memset(lock_, 0, sizeof *lock_);
}

void RwLock::end() {
  if (call_.execution.last_value(call_.me, state()) != 0) {
    call_.misuse("a read-write lock is destroyed while a thread has it");
  }
  call_.overwrite(lock_, sizeof *lock_);
}

}  // namespace lockstep::check::system
