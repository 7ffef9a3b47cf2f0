#include "checker/runtime/saved.hpp"

#include <link.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "checker/graph/packing.hpp"
#include "checker/runtime/tally.hpp"

namespace lockstep::check {
namespace {

constexpr std::string_view heading = "lockstep exploration 2\n";

/// FNV-1a.
std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t sum = 14695981039346656037U;
  for (const char c : bytes) sum = (sum ^ static_cast<std::uint8_t>(c)) * 1099511628211U;
  return sum;
}

/// Of the executable's code: of one program another compilation is another.
int add_code(dl_phdr_info* info, std::size_t, void* sum) {
  for (ElfW(Half) i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) continue;
    const auto* const begin = reinterpret_cast<const char*>(
        info->dlpi_addr + segment.p_vaddr);  // NOLINT: as it was loaded
    *static_cast<std::uint64_t*>(sum) ^= checksum({begin, segment.p_memsz});
  }
  return 1;  // the executable comes first, and the libraries do not matter
}

std::string name_of(const std::type_info& program) {
  std::uint64_t sum = 0;
  dl_iterate_phdr(add_code, &sum);
  return std::to_string(sum) + ' ' + program.name();
}

/// The options of which depends what there is to explore.
std::string text_of(const Options& options) {
  constexpr const char* models[] = {"rc11", "sc", "tso"};
  std::string text = std::string("model ") + models[static_cast<std::size_t>(options.model)];
  const auto add = [&](const char* name, std::uint64_t value) {
    text += std::string(", ") + name + ' ' + std::to_string(value);
  };
  add("max_events", options.max_events);
  add("spurious_failures", options.spurious_failures);
  add("timeouts", options.timeouts);
  add("spurious_wakes", options.spurious_wakes);
  add("nondet_values", static_cast<std::uint64_t>(options.nondet_values));
  add("find_leaks", options.find_leaks);
  add("reuse_memory", options.reuse_memory);
  add("symmetry", options.symmetry);
  add("is_whole_program", options.is_whole_program);
  return text;
}

/// What is written becomes the file when it is whole.
std::string unfinished(const std::string& file) { return file + ".new"; }

std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::invalid_argument(file + ": " + std::strerror(errno));
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::string packed_rest(const std::vector<Search::Part>& parts, const Locations& locations) {
  Packer to;
  const std::vector<Locations::Known> all = locations.all();
  to.number(all.size());
  for (const Locations::Known& each : all) {
    to.number(each.address);
    to.number(each.nth);
    to.number(each.size);
  }
  to.number(parts.size());
  for (const Search::Part& part : parts) to.text(Search::packed(part));
  return std::move(to).done();
}

void check_can_save(const std::string& file) {
  const bool can = std::ofstream(unfinished(file)).is_open();
  if (!can) throw std::invalid_argument(file + " cannot be written: " + std::strerror(errno));
  std::remove(unfinished(file).c_str());
}

void save(const std::string& file, const Saved& saved, const Explored& explored) {
  Packer to;
  to.text(name_of(explored.program));
  to.text(text_of(explored.options));
  Regions(explored.on_stack).pack(to);
  pack(to, saved.found);
  to.number(static_cast<std::uint64_t>(saved.elapsed.count()));
  to.number(saved.limits);
  to.number(saved.thread_numbers.size());
  for (const std::uint32_t owner : saved.thread_numbers) to.number(owner);
  to.number(saved.rests.size());
  for (const std::string& rest : saved.rests) to.text(rest);
  const std::string bytes = std::move(to).done();
  std::ofstream out(unfinished(file), std::ios::binary);
  out << heading << checksum(bytes) << '\n' << bytes;
  out.close();
  if (!out || std::rename(unfinished(file).c_str(), file.c_str()) != 0) {
    throw std::runtime_error(file + " cannot be written: " + std::strerror(errno));
  }
}

Resumed::Resumed(const std::string& file, const Explored& explored) : now_(explored.on_stack) {
  std::string content = content_of(file);
  if (!content.starts_with(heading)) {
    throw std::invalid_argument(file + " is not the file of an exploration that was interrupted");
  }
  const std::size_t line = content.find('\n', heading.size());
  const std::string sum = content.substr(heading.size(), line - heading.size());
  content.erase(0, line == std::string::npos ? line : line + 1);
  if (sum != std::to_string(checksum(content))) {
    throw std::invalid_argument(file + " is damaged: its checksum is wrong");
  }
  Unpacker from(content);
  if (from.text() != name_of(explored.program)) {
    throw std::invalid_argument(
        file + " is of another program, or of this one as it was compiled then: begin anew");
  }
  const std::string then = from.text(), now = text_of(explored.options);
  if (then != now) {
    throw std::invalid_argument(file + " is of an exploration with other options: " + then +
                                "; now: " + now);
  }
  unpack(from);
}

void Resumed::unpack(Unpacker& from) {
  then_ = Regions::unpacked(from);
  saved_.found = unpack_result(from);
  saved_.elapsed = std::chrono::microseconds(from.number());
  saved_.limits = static_cast<unsigned>(from.number());
  for (std::size_t n = from.count(); n > 0; --n) {
    saved_.thread_numbers.push_back(static_cast<std::uint32_t>(from.number()));
  }
  for (std::size_t n = from.count(); n > 0; --n) saved_.rests.push_back(from.text());
}

std::vector<Search::Part> Resumed::parts(Locations& locations,
                                         Synchronization synchronization) const {
  std::vector<Search::Part> parts;
  for (const std::string& rest : saved_.rests) {
    Unpacker from(rest);
    Search::Translation translation;
    for (std::size_t n = from.count(); n > 0; --n) {
      const std::uintptr_t then = from.number();
      const std::uintptr_t address = then_.moved(Locations::without_queue(then), now_) |
                                     (then - Locations::without_queue(then));
      const auto nth = static_cast<std::uint16_t>(from.number());
      translation.locations.push_back(locations.number({address, nth, from.number()}));
    }
    translation.value = [&](Location location, Value value) {
      if (Locations::is_queue(locations.of(location).address)) return value;  // of thread numbers
      const auto low = static_cast<std::uint64_t>(value);
      const auto high = static_cast<std::uint64_t>(value >> 64);
      return Value{then_.moved(low, now_)} | static_cast<Value>(then_.moved(high, now_)) << 64;
    };
    for (std::size_t n = from.count(); n > 0; --n) {
      parts.push_back(Search::unpacked(from.text(), translation, synchronization));
    }
  }
  return parts;
}

}  // namespace lockstep::check
