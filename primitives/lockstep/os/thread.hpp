// lockstep/os/thread.hpp: who is calling.
#pragma once

#include <cstdint>

namespace lockstep::os {

/// A number that no other living thread has, never 0: the address of the thread's control block,
/// which every shared library of a process sees alike (the address of a thread_local variable of
/// ours would differ between libraries that hide their symbols). One instruction. A later thread
/// may get the number of one that has ended.
[[nodiscard]] inline std::uintptr_t this_thread() noexcept {
  return reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer());
}

}  // namespace lockstep::os
