// checker/hooks/googletest.cpp: an assertion of GoogleTest that does not hold, in explored code.
//
// What GoogleTest notes then, also in variables of the test, has to outlive the execution: it is no part of it, and
// allocates from the C library. The linker sends GoogleTest's assertions here (--wrap, in CMakeLists.txt); a program without
// GoogleTest has none, and none of the function that this goes on to.
#include "checker/hooks/outside.hpp"

// testing::internal::AssertHelper::operator=(const testing::Message&) const
#define REPORT _ZNK7testing8internal12AssertHelperaSERKNS_7MessageE
#define NAMED_AGAIN(prefix, name) prefix##name
#define NAMED(prefix, name) NAMED_AGAIN(prefix, name)

extern "C"
    __attribute__((weak)) void NAMED(__real_, REPORT)(const void* helper, const void* message);

LOCKSTEP_EXPORT void NAMED(__wrap_, REPORT)(const void* helper, const void* message) {
  const bool is_explored = lockstep::check::asking(__builtin_return_address(0)) != nullptr;
  const lockstep::check::NativeScope native;
  const auto report = [&] { NAMED(__real_, REPORT)(helper, message); };
  is_explored ? lockstep::check::Execution::instance().let_last(report) : report();
}
