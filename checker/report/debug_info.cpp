#include "checker/report/debug_info.hpp"

#ifdef LOCKSTEP_HAS_DW

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <unistd.h>

#include <optional>
#include <string_view>

#include "checker/report/spots.hpp"
#include "checker/report/symbol_table.hpp"

namespace lockstep::check {
namespace {

/// The debug information of a file, if it has any.
class Dwarfs {
 public:
  explicit Dwarfs(const std::string& path) : file_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (file_ >= 0) dwarf_ = dwarf_begin(file_, DWARF_C_READ);
  }
  ~Dwarfs() {
    dwarf_end(dwarf_);
    if (file_ >= 0) close(file_);
  }
  Dwarfs(const Dwarfs&) = delete;
  Dwarfs& operator=(const Dwarfs&) = delete;

  [[nodiscard]] Dwarf* get() const noexcept { return dwarf_; }

 private:
  int file_ = -1;
  Dwarf* dwarf_ = nullptr;
};

std::string name_of(Dwarf_Die& die) {
  Dwarf_Attribute attribute;
  const char* const name = dwarf_formstring(dwarf_attr_integrate(&die, DW_AT_name, &attribute));
  return name == nullptr ? std::string() : name;
}

/// With the namespaces that it is in, but for those without a name.
std::string full_name_of(Dwarf_Die& die) {
  Dwarf_Attribute attribute;
  const char* const mangled =
      dwarf_formstring(dwarf_attr_integrate(&die, DW_AT_linkage_name, &attribute));
  if (mangled == nullptr) return name_of(die);
  return without_nameless(demangled(mangled));
}

std::optional<Dwarf_Word> number(Dwarf_Die& die, unsigned which) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_formudata(dwarf_attr_integrate(&die, which, &attribute), &value) != 0) return {};
  return value;
}

/// The type of a variable, a member or an element, as it is without names and qualifiers for it.
std::optional<Dwarf_Die> type_of(Dwarf_Die& die) {
  Dwarf_Attribute attribute;
  Dwarf_Die type, peeled;
  if (dwarf_formref_die(dwarf_attr_integrate(&die, DW_AT_type, &attribute), &type) == nullptr)
    return {};
  if (dwarf_peel_type(&type, &peeled) != 0) return {};
  return peeled;
}

Dwarf_Word size_of(Dwarf_Die type) {
  Dwarf_Word size = 0;
  return dwarf_aggregate_size(&type, &size) == 0 ? size : 0;
}

template <class Visit>
void for_each_child(Dwarf_Die& die, Visit visit) {
  Dwarf_Die child;
  if (dwarf_child(&die, &child) != 0) return;
  do {
    visit(child);
  } while (dwarf_siblingof(&child, &child) == 0);
}

template <class Visit>
void for_each_unit(Dwarf* dwarf, Visit visit) {
  Dwarf_CU* unit = nullptr;
  Dwarf_Die die;
  std::uint8_t type = 0;
  while (dwarf_get_units(dwarf, unit, &unit, nullptr, &type, &die, nullptr) == 0) visit(die);
}

bool is_the_programs(Dwarf_Die& type) {
  const char* const file = dwarf_decl_file(&type);
  return file == nullptr || is_own(file);
}

std::string part_at(Dwarf_Die type, Dwarf_Word offset);

/// "[1].turn"
std::string element_at(Dwarf_Die element, Dwarf_Word offset) {
  const Dwarf_Word size = size_of(element);
  if (size == 0) return {};
  return '[' + std::to_string(offset / size) + ']' + part_at(element, offset % size);
}

std::string member_at(Dwarf_Die& type, Dwarf_Word offset) {
  const bool is_array = std::string_view(name_of(type)).starts_with("array<");  // std::array
  if (!is_array && !is_the_programs(type)) return {};
  std::string found;
  for_each_child(type, [&](Dwarf_Die& member) {
    const int tag = dwarf_tag(&member);
    if (!found.empty() || (tag != DW_TAG_member && tag != DW_TAG_inheritance)) return;
    const auto begin = number(member, DW_AT_data_member_location);
    const auto of_member = type_of(member);
    if (!of_member || (!begin && dwarf_tag(&type) != DW_TAG_union_type)) return;
    if (offset - begin.value_or(0) >= size_of(*of_member)) return;
    const std::string name = tag == DW_TAG_member && !is_array ? name_of(member) : "";
    found = (name.empty() ? "" : '.' + name) + part_at(*of_member, offset - begin.value_or(0));
  });
  return found;
}

/// What is so far into a variable of that type: ".items[1]".
std::string part_at(Dwarf_Die type, Dwarf_Word offset) {
  switch (dwarf_tag(&type)) {
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type:
      return member_at(type, offset);
    case DW_TAG_array_type: {
      const auto element = type_of(type);
      return element ? element_at(*element, offset) : "";
    }
    default:
      return {};
  }
}

/// The only operation that says where a variable is. DWARF 5's "the nth address of a table" is that address.
std::optional<Dwarf_Op> place_of(Dwarf_Die& variable) {
  Dwarf_Attribute attribute;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_getlocation(dwarf_attr(&variable, DW_AT_location, &attribute), &operations, &count) !=
          0 ||
      count != 1)
    return {};
  Dwarf_Op place = operations[0];
  if (place.atom == DW_OP_addrx) {
    Dwarf_Attribute in_table;
    if (dwarf_getlocation_attr(&attribute, operations, &in_table) != 0 ||
        dwarf_formaddr(&in_table, &place.number) != 0)
      return {};
    place.atom = DW_OP_addr;
  }
  return place;
}

// --- Globals -------------------------------------------------------------------------------------

class Globals {
 public:
  Globals(const std::vector<std::uintptr_t>& addresses, std::uintptr_t bias)
      : addresses_(addresses), bias_(bias) {}

  /// Those of a unit or a namespace; or also what functions keep, which takes longer.
  void look_in(Dwarf_Die& scope, bool also_in_functions) {
    for_each_child(scope, [&](Dwarf_Die& die) {
      switch (dwarf_tag(&die)) {
        case DW_TAG_variable:
          return look_at(die);
        case DW_TAG_namespace:
          return look_in(die, also_in_functions);
        case DW_TAG_subprogram:
        case DW_TAG_lexical_block:
          if (also_in_functions) look_in(die, true);
          return;
        default:
          return;
      }
    });
  }
  [[nodiscard]] bool has_all() const { return names_.size() == addresses_.size(); }
  [[nodiscard]] std::map<std::uintptr_t, std::string> take() && { return std::move(names_); }

 private:
  void look_at(Dwarf_Die& variable) {
    const auto place = place_of(variable);
    if (!place || place->atom != DW_OP_addr) return;
    const auto type = type_of(variable);
    const std::string name = type ? full_name_of(variable) : "";
    if (name.empty()) return;
    for (const std::uintptr_t address : addresses_) {
      const Dwarf_Word offset = address - bias_ - place->number;
      if (offset < size_of(*type)) names_[address] = name + part_at(*type, offset);
    }
  }

  const std::vector<std::uintptr_t>& addresses_;
  const std::uintptr_t bias_;
  std::map<std::uintptr_t, std::string> names_;
};

// --- Variables of functions -----------------------------------------------------------------------

/// DWARF's number of the stack pointer.
#ifdef __aarch64__
constexpr std::uint8_t stack_pointer = 31;
#else
constexpr std::uint8_t stack_pointer = 7;
#endif

/// Where the variables of a function are reckoned from.
std::optional<std::uintptr_t> base_of(Dwarf_Die& function, const InFrame& frame) {
  Dwarf_Attribute attribute;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_getlocation(dwarf_attr_integrate(&function, DW_AT_frame_base, &attribute), &operations,
                        &count) != 0 ||
      count != 1)
    return {};
  if (operations[0].atom == DW_OP_call_frame_cfa) return frame.end;
  if (operations[0].atom == DW_OP_reg0 + stack_pointer) return frame.begin;
  return {};
}

std::optional<std::uintptr_t> address_of(const Dwarf_Op& place, std::uintptr_t base,
                                         const InFrame& frame) {
  if (place.atom == DW_OP_fbreg) return base + place.number;
  if (place.atom == DW_OP_breg0 + stack_pointer) return frame.begin + place.number;
  return {};
}

/// The variable of a function, its blocks and what was inlined into it that is at an address.
std::string local_at(Dwarf_Die& scope, std::uintptr_t address, std::uintptr_t base,
                     const InFrame& frame) {
  std::string found;
  for_each_child(scope, [&](Dwarf_Die& die) {
    if (!found.empty()) return;
    const int tag = dwarf_tag(&die);
    if (tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine) {
      found = local_at(die, address, base, frame);
      return;
    }
    if (tag != DW_TAG_variable && tag != DW_TAG_formal_parameter) return;
    const auto place = place_of(die);
    const auto begin = place ? address_of(*place, base, frame) : std::nullopt;
    const auto type = type_of(die);
    if (!begin || !type || address - *begin >= size_of(*type)) return;
    const std::string name = name_of(die);
    if (!name.empty()) found = name + part_at(*type, address - *begin);
  });
  return found;
}

/// The compiled function that has an instruction.
struct Wanted {
  Dwarf_Addr instruction;
  std::optional<Dwarf_Die> function{};
};

int take_if_wanted(Dwarf_Die* function, void* wanted) {
  auto& it = *static_cast<Wanted*>(wanted);
  if (dwarf_haspc(function, it.instruction) != 1) return DWARF_CB_OK;
  it.function = *function;
  return DWARF_CB_ABORT;
}

std::string local_at(Dwarf* dwarf, std::uintptr_t bias, std::uintptr_t address,
                     const InFrame& frame) {
  Wanted wanted{frame.call - 1 - bias};
  for_each_unit(dwarf, [&](Dwarf_Die& unit) {
    if (wanted.function || dwarf_haspc(&unit, wanted.instruction) != 1) return;
    dwarf_getfuncs(&unit, &take_if_wanted, &wanted, 0);
  });
  if (!wanted.function) return {};
  const auto base = base_of(*wanted.function, frame);
  return base ? local_at(*wanted.function, address, *base, frame) : std::string();
}

}  // namespace

std::map<std::uintptr_t, std::string> names_of_globals(
    const Module& module, const std::vector<std::uintptr_t>& addresses) {
  const Dwarfs dwarfs(module.path);
  Globals globals(addresses, module.bias);
  for (const bool also_in_functions : {false, true}) {
    if (globals.has_all()) break;
    for_each_unit(dwarfs.get(), [&](Dwarf_Die& unit) { globals.look_in(unit, also_in_functions); });
  }
  return std::move(globals).take();
}

std::map<std::uintptr_t, std::string> names_of_locals(
    const Module& module, const std::map<std::uintptr_t, InFrame>& addresses) {
  const Dwarfs dwarfs(module.path);
  std::map<std::uintptr_t, std::string> names;
  if (dwarfs.get() == nullptr) return names;
  for (const auto& [address, frame] : addresses) {
    if (!module.contains(frame.call)) continue;
    std::string name = local_at(dwarfs.get(), module.bias, address, frame);
    if (!name.empty()) names[address] = std::move(name);
  }
  return names;
}

}  // namespace lockstep::check

#else

namespace lockstep::check {

std::map<std::uintptr_t, std::string> names_of_globals(const Module&,
                                                       const std::vector<std::uintptr_t>&) {
  return {};
}

std::map<std::uintptr_t, std::string> names_of_locals(const Module&,
                                                      const std::map<std::uintptr_t, InFrame>&) {
  return {};
}

}  // namespace lockstep::check

#endif
