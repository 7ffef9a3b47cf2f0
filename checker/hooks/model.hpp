// checker/hooks/model.hpp: how a function of the C library that is modelled stands before the real one.
#pragma once

#include "checker/hooks/caller.hpp"
#include "checker/hooks/hook.hpp"
#include "checker/hooks/real.hpp"
#include "checker/system/call.hpp"

namespace lockstep::check {

/// The modelled thread that makes a call about `object`, or null if the call is to be a real one: one by the
/// C library, or by the C++ library about what is its own.
[[nodiscard]] inline Thread* calling(const void* call, const void* object) noexcept {
  Thread* const me = modelled();
  if (me == nullptr) return nullptr;
  const NativeScope native;
  const bool is_own =
      is_in_cxx_library(call) && is_data_of_cxx_library(object) && !is_in_lock_of_shared_ptr(call);
  return is_own || is_in_c_library(call) ? nullptr : me;
}

}  // namespace lockstep::check

/// A function with these parameters: `model` is what it does for the thread that makes `call`, about
/// `object`; all others get the real one's result of `arguments`.
#define LOCKSTEP_MODEL(result, name, parameters, arguments, object, model)                \
  LOCKSTEP_EXPORT result name parameters {                                                \
    void* const from = __builtin_return_address(0);                                       \
    if (::lockstep::check::Thread* const me = ::lockstep::check::calling(from, object)) { \
      const ::lockstep::check::Hook hook(*me, from);                                      \
      [[maybe_unused]] const ::lockstep::check::system::Call call{*hook, *me};            \
      return model;                                                                       \
    }                                                                                     \
    static const auto real = ::lockstep::check::real<result parameters>(#name);           \
    return real arguments;                                                                \
  }
