// checker/hooks/caller.hpp: which library a call came from.
//
// What the system's libraries do for themselves (a stream's buffer, a locale's table) outlives the
// execution in which they did it, so it is no part of it, whoever called them.
#pragma once

namespace lockstep::check {

/// Is this code of the C library or of the dynamic loader?
[[nodiscard]] bool is_in_c_library(const void* call) noexcept;

/// Is this code of the C++ standard library, as far as it was compiled beforehand, or of the unwinder?
[[nodiscard]] bool is_in_cxx_library(const void* call) noexcept;

/// Is this code of std::atomic_load and its kin for std::shared_ptr, which lock a mutex of the library's while the
/// program's own code copies the pointer?
[[nodiscard]] bool is_in_lock_of_shared_ptr(const void* call) noexcept;

/// Is this a variable of the C++ standard library, as far as it was compiled beforehand?
[[nodiscard]] bool is_data_of_cxx_library(const void* object) noexcept;

}  // namespace lockstep::check
