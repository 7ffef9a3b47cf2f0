#include "checker/report/symbols.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <sstream>
#include <string_view>

#include "checker/report/debug_info.hpp"
#include "checker/report/modules.hpp"
#include "checker/report/subprocess.hpp"
#include "checker/report/symbol_table.hpp"

namespace lockstep::check {
namespace {

std::string hex(std::uintptr_t number) {
  std::ostringstream text;
  text << "0x" << std::hex << number;
  return text.str();
}

// A return address may be the first of the next line, or of the next function.
std::uintptr_t call_before(std::uintptr_t return_address) { return return_address - 1; }

// --- Code ----------------------------------------------------------------------------------------

/// What can be said of a function without debug information.
std::string name_of_function(std::uintptr_t address, const Module* module) {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(address), &info) != 0 && info.dli_sname != nullptr) {
    return demangled(info.dli_sname);
  }
  if (module == nullptr) return hex(address);
  const std::string& path = module->path;
  return path.substr(path.rfind('/') + 1) + "+" + hex(address - module->bias);
}

/// "file:12", "file:12 (discriminator 3)", "??:0" or "??:?".
void set_place(Frame& frame, std::string_view place) {
  const std::size_t colon = place.find_last_of(':');
  if (place.starts_with("??") || colon == std::string_view::npos) return;
  frame.file = place.substr(0, colon);
  std::from_chars(place.data() + colon + 1, place.data() + place.size(), frame.line);
}

/// Reads what `addr2line -a -f -i` printed: a line with an address; then for each call there, the
/// innermost first, a line with the function and one with the place.
void read_frames(const std::string& printed, const Module& module, Symbols& symbols) {
  std::istringstream lines(printed);
  std::vector<Frame>* frames = nullptr;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("0x")) {
      const std::uintptr_t call = std::strtoull(line.c_str(), nullptr, 16) + module.bias;
      frames = &symbols.code[call + 1];
      frames->clear();
      continue;
    }
    std::string place;
    if (frames == nullptr || !std::getline(lines, place)) return;
    frames->push_back({line, {}, 0});
    set_place(frames->back(), place);
  }
}

void ask_addr2line(const Module& module, const std::vector<std::uintptr_t>& return_addresses,
                   Symbols& symbols) {
  constexpr std::size_t batch = 4096;  // keeps the command line well below the kernel's limit
  for (std::size_t begin = 0; begin < return_addresses.size(); begin += batch) {
    std::vector<std::string> words{"addr2line", "-a", "-f", "-C", "-i", "-e", module.path};
    const std::size_t end = std::min(begin + batch, return_addresses.size());
    for (std::size_t i = begin; i < end; ++i) {
      words.push_back(hex(call_before(return_addresses[i]) - module.bias));
    }
    read_frames(output_of(words), module, symbols);
  }
}

void name_the_nameless(std::uintptr_t return_address, const Module* module,
                       std::vector<Frame>& frames) {
  if (frames.empty()) frames.emplace_back();
  for (Frame& frame : frames) {
    if (!frame.function.empty() && frame.function != "??") continue;
    frame.function = name_of_function(call_before(return_address), module);
  }
}

// --- Data ----------------------------------------------------------------------------------------

/// clang splits a variable whose address nobody takes, and numbers what it gets: "slot (part 1)" of "_ZL4slot.1".
std::string name_of_part(const std::string& symbol) {
  const std::size_t dot = symbol.rfind('.');
  if (!symbol.starts_with("_Z") || dot == std::string::npos) return symbol;
  return without_nameless(demangled(symbol.substr(0, dot))) + " (part " + symbol.substr(dot + 1) +
         ")";
}

/// Gives each address in that variable its name.
void name_variable(const SymbolEntry& variable, const Module& module,
                   const std::vector<std::uintptr_t>& addresses, Symbols& symbols) {
  constexpr std::string_view of_data = "bBdDrRuVvGgSs";
  if (of_data.find(variable.type) == std::string_view::npos) return;
  const std::string name = name_of_part(variable.name);
  for (const std::uintptr_t address : addresses) {
    const std::uintptr_t offset = address - module.bias - variable.begin;
    if (offset >= variable.size) continue;
    symbols.data.try_emplace(address, offset == 0 ? name : name + "+" + std::to_string(offset));
  }
}

void ask_nm(const Module& module, const std::vector<std::uintptr_t>& addresses, Symbols& symbols) {
  std::istringstream lines(symbol_table_of(module.path));
  for (std::string line; std::getline(lines, line);) {
    if (const auto entry = entry_of(line)) name_variable(*entry, module, addresses, symbols);
  }
}

std::vector<std::uintptr_t> those_in(const Module& module, std::vector<std::uintptr_t> addresses) {
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  std::erase_if(addresses, [&](std::uintptr_t address) { return !module.contains(address); });
  return addresses;
}

}  // namespace

Symbols symbols_of(const std::vector<std::uintptr_t>& return_addresses,
                   const std::vector<std::uintptr_t>& data_addresses,
                   const std::map<std::uintptr_t, InFrame>& on_stacks) {
  Symbols symbols;
  for (const Module& module : loaded_modules()) {
    const auto code = those_in(module, return_addresses);
    const auto data = those_in(module, data_addresses);
    if (!code.empty()) ask_addr2line(module, code, symbols);
    if (!data.empty()) {
      symbols.data.merge(names_of_globals(module, data));
      ask_nm(module, data, symbols);
    }
    if (!on_stacks.empty()) symbols.data.merge(names_of_locals(module, on_stacks));
    for (const auto address : code) name_the_nameless(address, &module, symbols.code[address]);
  }
  for (const auto address : return_addresses) {
    name_the_nameless(address, nullptr, symbols.code[address]);
  }
  return symbols;
}

}  // namespace lockstep::check
