// checker/hooks/allocation.cpp: the heap. Modelled threads allocate in the arena; all others, and the
// checker itself, from the C library. operator new and delete end here too.
//
// What the C library allocates for itself (a stream's buffer) outlives the execution in which it did
// so: it gets memory of its own, whoever called it.
#include <malloc.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "checker/hooks/caller.hpp"
#include "checker/hooks/hook.hpp"
#include "checker/hooks/real.hpp"

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace check = lockstep::check;
using check::Hook;
using check::Thread;

#define CALL __builtin_return_address(0)

namespace {

/// The modelled thread that this allocation is for, or null.
Thread* allocating(const void* call) {
  Thread* const me = check::modelled();
  if (me == nullptr) return nullptr;
  const check::NativeScope native;
  if (!check::is_in_c_library(call)) return me;
  check::Execution::instance().note_change_of_c_library();
  return nullptr;
}

void* allocate(Thread& me, std::size_t size, std::size_t alignment, void* call) {
  const Hook hook(me, call);
  void* const address = hook->allocate(me, size, alignment);
  if (address == nullptr) errno = ENOMEM;
  return address;
}

/// Of a block of the C library's.
std::size_t usable_size(void* address) {
  static const auto real = check::real<std::size_t(void*)>("malloc_usable_size");
  return real(address);
}

bool is_in_arena(const void* address) {
  return check::arena::contains(reinterpret_cast<std::uintptr_t>(address));
}

}  // namespace

LOCKSTEP_EXPORT void* malloc(std::size_t size) {
  Thread* const me = allocating(CALL);
  return me == nullptr ? __libc_malloc(size) : allocate(*me, size, 1, CALL);
}

// An exception. It may be held by several threads, which the library counts by atomics that nobody sees.
LOCKSTEP_EXPORT void* __cxa_allocate_exception(std::size_t size) noexcept {
  static const auto real = check::real<void*(std::size_t)>("__cxa_allocate_exception");
  Thread* const me = check::modelled();
  if (me != nullptr) me->heap.set_counted_by_library(true);
  void* const exception = real(size);
  if (me != nullptr) me->heap.set_counted_by_library(false);
  return exception;
}

LOCKSTEP_EXPORT void free(void* address) {
  if (address == nullptr) return;
  Thread* const me = check::modelled();
  if (me == nullptr) {
    // What an execution leaves behind is forgotten with it.
    if (!is_in_arena(address)) __libc_free(address);
    return;
  }
  if (!is_in_arena(address) && allocating(CALL) == nullptr) return __libc_free(address);
  const Hook hook(*me, CALL);
  hook->free(*me, address);
}

LOCKSTEP_EXPORT void* calloc(std::size_t count, std::size_t size) {
  Thread* const me = allocating(CALL);
  if (me == nullptr) return __libc_calloc(count, size);
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  void* const address = allocate(*me, bytes, 1, CALL);
  if (address == nullptr) return nullptr;
  std::memset(address, 0, bytes);
  const Hook hook(*me, CALL);
  if (bytes != 0) hook->plain(*me, reinterpret_cast<std::uintptr_t>(address), bytes, true);
  return address;
}

LOCKSTEP_EXPORT void* realloc(void* old, std::size_t size) {
  Thread* const me = check::modelled();
  if (me == nullptr || (!is_in_arena(old) && allocating(CALL) == nullptr)) {
    return __libc_realloc(old, size);
  }
  void* const address = allocate(*me, size, 1, CALL);
  if (old == nullptr || address == nullptr) return address;
  const Hook hook(*me, CALL);
  // A block of before the exploration stays as it is: the next execution needs it too.
  const std::size_t before = is_in_arena(old) ? hook->size_of(*me, old) : usable_size(old);
  const std::size_t kept = std::min(size, before);
  if (kept != 0) {
    hook->plain(*me, reinterpret_cast<std::uintptr_t>(old), kept, false);
    hook->plain(*me, reinterpret_cast<std::uintptr_t>(address), kept, true);
    std::memcpy(address, old, kept);
  }
  hook->free(*me, old);
  return address;
}

LOCKSTEP_EXPORT void* memalign(std::size_t alignment, std::size_t size) {
  Thread* const me = allocating(CALL);
  return me == nullptr ? __libc_memalign(alignment, size) : allocate(*me, size, alignment, CALL);
}
LOCKSTEP_EXPORT void* aligned_alloc(std::size_t alignment, std::size_t size) {
  Thread* const me = allocating(CALL);
  return me == nullptr ? __libc_memalign(alignment, size) : allocate(*me, size, alignment, CALL);
}
LOCKSTEP_EXPORT int posix_memalign(void** address, std::size_t alignment, std::size_t size) {
  if (!std::has_single_bit(alignment) || alignment % sizeof(void*) != 0) return EINVAL;
  Thread* const me = allocating(CALL);
  void* const found =
      me == nullptr ? __libc_memalign(alignment, size) : allocate(*me, size, alignment, CALL);
  if (found == nullptr) return ENOMEM;
  *address = found;
  return 0;
}

LOCKSTEP_EXPORT std::size_t malloc_usable_size(void* address) {
  if (Thread* const me = check::modelled(); me != nullptr && is_in_arena(address)) {
    const Hook hook(*me, CALL);
    return hook->size_of(*me, address);
  }
  return usable_size(address);
}
