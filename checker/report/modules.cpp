#include "checker/report/modules.hpp"

#include <link.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace lockstep::check {
namespace {

int add_module(dl_phdr_info* info, std::size_t, void* modules) {
  Module module{info->dlpi_name, info->dlpi_addr, {}};
  if (module.path.empty()) {  // the executable; a link in /proc would be the subprocess's own
    std::error_code none;
    module.path = std::filesystem::read_symlink("/proc/self/exe", none).string();
  }
  for (ElfW(Half) i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    const std::uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD) module.segments.emplace_back(begin, begin + segment.p_memsz);
  }
  static_cast<std::vector<Module>*>(modules)->push_back(std::move(module));
  return 0;
}

}  // namespace

bool Module::contains(std::uintptr_t address) const noexcept {
  return std::any_of(segments.begin(), segments.end(), [address](const auto& segment) {
    return segment.first <= address && address < segment.second;
  });
}

std::vector<Module> loaded_modules() {
  std::vector<Module> modules;
  dl_iterate_phdr(add_module, &modules);
  return modules;
}

}  // namespace lockstep::check
