#include "checker/runtime/globals.hpp"

#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "checker/runtime/program_state.hpp"

// Of the C library: where the stack of the first thread begins, behind which are only the arguments and the environment.
extern "C" void* __libc_stack_end;

// Defined by the linker: where the sections begin and end. Null in a program that has the runtime otherwise.
extern "C" {
[[gnu::weak, gnu::visibility("hidden")]] extern char __start_lockstep_data[];
[[gnu::weak, gnu::visibility("hidden")]] extern char __stop_lockstep_data[];
[[gnu::weak, gnu::visibility("hidden")]] extern char __start_lockstep_bss[];
[[gnu::weak, gnu::visibility("hidden")]] extern char __stop_lockstep_bss[];
}

namespace lockstep::check {
namespace {

constexpr std::size_t most = std::size_t{256} << 10;  // bytes: comparing takes time
constexpr std::size_t most_of_stack = std::size_t{4} << 10;
constexpr std::size_t chunk = 256;
constexpr std::size_t word = 8;

struct Span {
  std::uintptr_t begin, end;
};

Span between(const void* begin, const void* end) noexcept {
  return {reinterpret_cast<std::uintptr_t>(begin), reinterpret_cast<std::uintptr_t>(end)};
}

/// Takes `hole` out of the spans.
void cut_out(std::vector<Span>& spans, Span hole) {
  std::vector<Span> left;
  for (const Span& span : spans) {
    if (const Span before{span.begin, std::min(span.end, hole.begin)}; before.begin < before.end) {
      left.push_back(before);
    }
    if (const Span after{std::max(span.begin, hole.end), span.end}; after.begin < after.end) {
      left.push_back(after);
    }
  }
  spans = std::move(left);
}

/// The addresses of functions that are looked for when they are first called.
Span lazy_table(const ElfW(Dyn) * entry) {
  constexpr std::size_t reserved = 3;
  std::uintptr_t begin = 0;
  std::size_t relocations = 0, size = 0;
  for (; entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_PLTGOT) begin = entry->d_un.d_ptr;
    if (entry->d_tag == DT_PLTRELSZ) relocations = entry->d_un.d_val / sizeof(ElfW(Rela));
  }
  size = (reserved + relocations) * sizeof(std::uintptr_t);
  return {begin, begin == 0 ? 0 : begin + size};
}

/// Of the first module, which is the executable.
int find_variables(dl_phdr_info* info, std::size_t, void* spans) {
  std::vector<Span> found, holes;
  for (ElfW(Half) i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
    const Span span{begin, begin + header.p_memsz};
    if (header.p_type == PT_LOAD && (header.p_flags & PF_W) != 0) found.push_back(span);
    if (header.p_type == PT_GNU_RELRO) holes.push_back(span);
    if (header.p_type == PT_DYNAMIC) {
      holes.push_back(span);
      holes.push_back(lazy_table(reinterpret_cast<const ElfW(Dyn)*>(begin)));
    }
  }
  for (const Span& hole : holes) cut_out(found, hole);
  cut_out(found, between(__start_lockstep_data, __stop_lockstep_data));
  cut_out(found, between(__start_lockstep_bss, __stop_lockstep_bss));
  *static_cast<std::vector<Span>*>(spans) = std::move(found);
  return 1;
}

const std::vector<Span>& variables() {
  static const auto* const known = [] {
    auto* const spans = new std::vector<Span>;
    if (__start_lockstep_bss != nullptr) dl_iterate_phdr(find_variables, spans);
    return spans;
  }();
  return *known;
}

}  // namespace

void Globals::find(std::uintptr_t frames) {
  ranges_.clear();
  size_ = 0;
  add_stack(frames);
  for (const Span& span : variables()) add(span.begin, span.end);
  if (size_ > room_) copy_.reset(new unsigned char[room_ = size_]);
  renew();
}

void Globals::add(std::uintptr_t begin, std::uintptr_t end) {
  end = std::min(end, begin + (most - size_));
  if (begin >= end) return;
  ranges_.push_back({begin, end, size_});
  size_ += end - begin;
}

void Globals::add_stack(std::uintptr_t frames) {
  const auto end = reinterpret_cast<std::uintptr_t>(__libc_stack_end);
  const bool is_first_thread = gettid() == getpid();
  if (is_first_thread && frames < end) add(frames, std::min(end, frames + most_of_stack));
}

void Globals::copy_to(unsigned char* copy) const noexcept {
  for (const Range& range : ranges_) {
    std::memcpy(copy + range.at, reinterpret_cast<const void*>(range.begin),
                range.end - range.begin);
  }
}

void Globals::renew() noexcept { copy_to(copy_.get()); }

/// Calls each(now, before, size) for each row of words that all differ.
template <class Each>
void Globals::for_each_difference(const unsigned char* copy, Each each) const {
  for (const Range& range : ranges_) {
    const auto* const before = copy + range.at;
    auto* const now = reinterpret_cast<unsigned char*>(range.begin);
    const std::size_t size = range.end - range.begin;
    const auto differ = [&](std::size_t at, std::size_t length) {
      return std::memcmp(before + at, now + at, std::min(length, size - at)) != 0;
    };
    if (!differ(0, size)) continue;
    for (std::size_t at = 0; at < size;) {
      if (at % chunk == 0 && !differ(at, chunk)) {
        at += chunk;
        continue;
      }
      const std::size_t begin = at;
      while (at < size && differ(at, word)) at += word;
      if (at == begin) {
        at += word;
      } else {
        each(now + begin, before + begin, std::min(at, size) - begin);
      }
    }
  }
}

void Globals::let_last(const std::function<void()>& change) {
  const std::unique_ptr<unsigned char[]> before(new unsigned char[size_]);
  copy_to(before.get());
  change();
  for_each_difference(
      before.get(), [&](const unsigned char* now, const unsigned char* then, std::size_t size) {
        std::memcpy(&copy_[static_cast<std::size_t>(then - before.get())], now, size);
      });
}

void Globals::put_back() const noexcept {
  for_each_difference(copy_.get(), [](unsigned char* now, const unsigned char* before,
                                      std::size_t size) { std::memcpy(now, before, size); });
}

void Globals::keep(Pieces& changed) const {
  for_each_difference(copy_.get(), [&](unsigned char* now, const unsigned char*, std::size_t size) {
    changed.keep(reinterpret_cast<std::uintptr_t>(now), size);
  });
}

}  // namespace lockstep::check
