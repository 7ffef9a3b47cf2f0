#include "checker/runtime/obstacle.hpp"

#include <link.h>

#include <stdexcept>
#include <string_view>

#include "checker/machine/arch.hpp"
#include "checker/machine/arena.hpp"

namespace lockstep::check {
namespace {

bool is_loaded(std::string_view library) {
  const auto is_it = [](dl_phdr_info* info, std::size_t, void* wanted) {
    const std::string_view path(info->dlpi_name);
    return path.find(*static_cast<std::string_view*>(wanted)) == std::string_view::npos ? 0 : 1;
  };
  return dl_iterate_phdr(is_it, &library) != 0;
}

}  // namespace

std::string obstacle() {
  static bool is_reserved = false;
  if (is_reserved) return {};
  if (!can_set_thread_pointer()) {
    return "this processor or kernel does not let a program set its thread pointer (FSGSBASE: "
           "Linux 5.9 "
           "or later)";
  }
  for (const char* const sanitizer : {"libtsan", "libasan"}) {
    if (is_loaded(sanitizer)) {
      return std::string("the program is linked with ") + sanitizer +
             ", which stands in the place of the checker: link without -fsanitize";
    }
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
