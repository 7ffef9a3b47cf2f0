#include "checker/runtime/obstacle.hpp"

#include <stdexcept>

#include "checker/machine/arch.hpp"
#include "checker/machine/arena.hpp"

// What the sanitizers' runtimes define and ours does not: there, or null. Both the shared libraries that gcc links
// with and the archives that clang does have them.
extern "C" {
[[gnu::weak]] void __tsan_get_current_report();
[[gnu::weak]] void __asan_init();
[[gnu::weak]] void __hwasan_init();
[[gnu::weak]] void __msan_init();
[[gnu::weak]] void __lsan_do_leak_check();
}

namespace lockstep::check {
namespace {

/// The sanitizer whose runtime is in this process, as -fsanitize= names it; or null.
const char* sanitizer() {
  if (&__tsan_get_current_report != nullptr) return "thread";
  if (&__asan_init != nullptr) return "address";
  if (&__hwasan_init != nullptr) return "hwaddress";
  if (&__msan_init != nullptr) return "memory";
  if (&__lsan_do_leak_check != nullptr) return "leak";
  return nullptr;
}

}  // namespace

std::string obstacle() {
  static bool is_reserved = false;
  if (is_reserved) return {};
  if (!can_set_thread_pointer()) {
    return "this system does not let a program set its thread pointer (instructions of FSGSBASE). "
           "It takes an x86-64 "
           "processor of 2012 or later, Linux 5.9 or later, booted without nofsgsbase; in a "
           "virtual machine, one that "
           "passes the instructions on: `grep -c fsgsbase /proc/cpuinfo` counts the processors "
           "that have them";
  }
  if (const char* const name = sanitizer(); name != nullptr) {
    return std::string("the program is linked with the runtime of -fsanitize=") + name +
           ", which stands in the place of the checker's: link without -fsanitize. Compiling with "
           "-fsanitize=thread is right, "
           "and lockstep::checker adds that by itself";
  }
  try {
    arena::reserve();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  is_reserved = true;
  return {};
}

}  // namespace lockstep::check
