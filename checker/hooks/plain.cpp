// checker/hooks/plain.cpp: the instrumentation of plain accesses, as gcc and clang call it: the bodies,
// lockstep_<name>, of hooks whose entries, __tsan_<name>, are in machine/.
#include <cstddef>
#include <cstring>

#include "checker/hooks/hook.hpp"

namespace lockstep::check {
namespace {

[[gnu::always_inline]] inline void access(const void* address, std::size_t size, bool is_write) {
  Thread* const me = modelled();
  if (me == nullptr) return;
  if (++me->quiet == Execution::too_quiet) return Hook(*me)->leave_to_others(*me);
  me->has_looked_elsewhere |= !me->is_on_stack(reinterpret_cast<std::uintptr_t>(address));
  if (Execution::instance().plain_at_once(*me, reinterpret_cast<std::uintptr_t>(address), size,
                                          is_write)) {
    return;
  }
  const Hook hook = Hook::of_access(*me);
  hook->plain(*me, reinterpret_cast<std::uintptr_t>(address), size, is_write);
}

[[gnu::always_inline]] inline void range(const void* address, std::size_t size, bool is_write) {
  if (size != 0) access(address, size, is_write);
}

}  // namespace
}  // namespace lockstep::check

using lockstep::check::access;
using lockstep::check::range;

#define READ_WRITE(prefix, size)                                                        \
  LOCKSTEP_BODY void lockstep_##prefix##read##size(void* p) { access(p, size, false); } \
  LOCKSTEP_BODY void lockstep_##prefix##write##size(void* p) { access(p, size, true); } \
  LOCKSTEP_BODY void lockstep_##prefix##read_write##size(void* p) { access(p, size, true); }
#define READ_WRITE_ALL(prefix) \
  READ_WRITE(prefix, 1)        \
  READ_WRITE(prefix, 2)        \
  READ_WRITE(prefix, 4)        \
  READ_WRITE(prefix, 8)        \
  READ_WRITE(prefix, 16)

READ_WRITE_ALL()
READ_WRITE_ALL(unaligned_)
READ_WRITE_ALL(volatile_)
READ_WRITE_ALL(unaligned_volatile_)

LOCKSTEP_EXPORT void __tsan_init() {}
LOCKSTEP_EXPORT void __tsan_func_entry(void*) {}
LOCKSTEP_EXPORT void __tsan_func_exit() {}
LOCKSTEP_EXPORT void __tsan_ignore_thread_begin() {}
LOCKSTEP_EXPORT void __tsan_ignore_thread_end() {}

LOCKSTEP_BODY void lockstep_read_range(void* p, std::size_t size) { range(p, size, false); }
LOCKSTEP_BODY void lockstep_write_range(void* p, std::size_t size) { range(p, size, true); }

// A constructor or destructor that stores the table that is there already changes nothing.
LOCKSTEP_BODY void lockstep_vptr_update(void** p, void* table) {
  if (*p != table) access(p, sizeof *p, true);
}
LOCKSTEP_BODY void lockstep_vptr_read(void** p) { access(p, sizeof *p, false); }

LOCKSTEP_BODY void* lockstep_memcpy(void* to, const void* from, std::size_t size) {
  range(from, size, false);
  range(to, size, true);
  return std::memcpy(to, from, size);
}
LOCKSTEP_BODY void* lockstep_memmove(void* to, const void* from, std::size_t size) {
  range(from, size, false);
  range(to, size, true);
  return std::memmove(to, from, size);
}
LOCKSTEP_BODY void* lockstep_memset(void* to, int byte, std::size_t size) {
  range(to, size, true);
  return std::memset(to, byte, size);
}

// Annotations of newer standard libraries, which say nothing that the events do not.
LOCKSTEP_EXPORT void __tsan_acquire(void*) {}
LOCKSTEP_EXPORT void __tsan_release(void*) {}
LOCKSTEP_EXPORT void __tsan_mutex_pre_lock(void*, unsigned) {}
LOCKSTEP_EXPORT void __tsan_mutex_post_lock(void*, unsigned, int) {}
LOCKSTEP_EXPORT int __tsan_mutex_pre_unlock(void*, unsigned) { return 0; }
LOCKSTEP_EXPORT void __tsan_mutex_post_unlock(void*, unsigned) {}
LOCKSTEP_EXPORT void __tsan_mutex_pre_signal(void*, unsigned) {}
LOCKSTEP_EXPORT void __tsan_mutex_post_signal(void*, unsigned) {}
LOCKSTEP_EXPORT void __tsan_mutex_pre_divert(void*, unsigned) {}
LOCKSTEP_EXPORT void __tsan_mutex_post_divert(void*, unsigned) {}
LOCKSTEP_EXPORT void __tsan_mutex_create(void*, unsigned) {}
LOCKSTEP_EXPORT void __tsan_mutex_destroy(void*, unsigned) {}
