#include "checker/hooks/caller.hpp"

#include <dlfcn.h>
#include <link.h>

#include <cstdint>
#include <string_view>

namespace lockstep::check {
namespace {

/// Where a library's code is, and its variables.
struct Range {
  struct Part {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    [[nodiscard]] bool contains(const void* address) const noexcept {
      return reinterpret_cast<std::uintptr_t>(address) - begin < end - begin;
    }
  };
  std::string_view name;  // how the library's file name begins
  Part code{}, data{};

  [[nodiscard]] bool contains(const void* call) const noexcept { return code.contains(call); }
};

struct Ranges {
  Range libc{"libc.so"};
  Range loader{"ld-linux"};
  Range libstdcxx{"libstdc++.so"};
  Range libgcc{"libgcc_s.so"};  // unwinds

  Ranges() noexcept { dl_iterate_phdr(&note, this); }

  static int note(dl_phdr_info* info, std::size_t, void* ranges) {
    auto& self = *static_cast<Ranges*>(ranges);
    const std::string_view path(info->dlpi_name);
    const auto name = path.substr(path.rfind('/') + 1);
    for (Range* const range : {&self.libc, &self.loader, &self.libstdcxx, &self.libgcc}) {
      if (!name.starts_with(range->name)) continue;
      for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& header = info->dlpi_phdr[i];
        if (header.p_type != PT_LOAD || (header.p_flags & (PF_X | PF_W)) == 0) continue;
        const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
        ((header.p_flags & PF_X) != 0 ? range->code : range->data) = {begin,
                                                                      begin + header.p_memsz};
      }
    }
    return 0;
  }
};

const Ranges& ranges() noexcept {
  static const Ranges all;
  return all;
}

}  // namespace

bool is_in_c_library(const void* call) noexcept {
  return ranges().libc.contains(call) || ranges().loader.contains(call);
}

bool is_in_cxx_library(const void* call) noexcept {
  return ranges().libstdcxx.contains(call) || ranges().libgcc.contains(call);
}

bool is_in_lock_of_shared_ptr(const void* call) noexcept {
  Dl_info info{};
  return dladdr(call, &info) != 0 && info.dli_sname != nullptr &&
         std::string_view(info.dli_sname).find("_Sp_locker") != std::string_view::npos;
}

bool is_data_of_cxx_library(const void* object) noexcept {
  return ranges().libstdcxx.data.contains(object);
}

}  // namespace lockstep::check
