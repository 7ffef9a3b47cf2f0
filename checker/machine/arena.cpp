#include "checker/machine/arena.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace lockstep::check::arena {
namespace {

void* pointer(std::uintptr_t address) noexcept { return reinterpret_cast<void*>(address); }

[[noreturn]] void refuse(const char* what) {
  throw std::runtime_error(std::string("lockstep::check cannot have the memory it needs: ") + what +
                           ": " + std::strerror(errno));
}

void make_usable(std::uintptr_t begin, std::size_t size) {
  if (mprotect(pointer(begin), size, PROT_READ | PROT_WRITE) != 0) refuse("mprotect");
}

}  // namespace

void reserve() {
  constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  if (mmap(pointer(base), limit - base, PROT_NONE, flags, -1, 0) != pointer(base)) {
    refuse("mmap at a fixed address");
  }
}

void open(std::size_t slot) {
  make_usable(stack(slot), stack_size);
  make_usable(hook_stack(slot), hook_stack_size);
  make_usable(home(slot), home_size);
  make_usable(heap(slot), heap_size);
}

void forget(std::uintptr_t address, std::size_t size) noexcept {
  const std::size_t before = address % page;  // where it begins in its page
  madvise(pointer(address - before), size + before, MADV_DONTNEED);
}

}  // namespace lockstep::check::arena
