#include "checker/machine/liveness.hpp"

#ifndef LOCKSTEP_HAS_CAPSTONE

namespace lockstep::check {
std::uint32_t dead_registers(std::uintptr_t) { return 0; }
}  // namespace lockstep::check

#else

#include <capstone/capstone.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "checker/machine/arch.hpp"

// Where the hooks are: the linker knows the bounds of a section with such a name.
extern "C" const char __start_lockstep_hooks[] __attribute__((visibility("hidden")));
extern "C" const char __stop_lockstep_hooks[] __attribute__((visibility("hidden")));

namespace lockstep::check {
namespace {

#if defined(__x86_64__)
constexpr cs_arch architecture = CS_ARCH_X86;
constexpr cs_mode mode = CS_MODE_64;
constexpr std::size_t longest_instruction = 15;

/// Each register and its parts, the whole first; writing its lower half clears the upper.
using Parts = std::array<std::string_view, 5>;
constexpr std::array<Parts, saved_registers> registers{{{"rbx", "ebx", "bx", "bl", "bh"},
                                                        {"rbp", "ebp", "bp", "bpl", ""},
                                                        {"r12", "r12d", "r12w", "r12b", ""},
                                                        {"r13", "r13d", "r13w", "r13b", ""},
                                                        {"r14", "r14d", "r14w", "r14b", ""},
                                                        {"r15", "r15d", "r15w", "r15b", ""}}};
#elif defined(__aarch64__)
constexpr cs_arch architecture = CS_ARCH_ARM64;
constexpr cs_mode mode = CS_MODE_LITTLE_ENDIAN;
constexpr std::size_t longest_instruction = 4;

using Parts = std::array<std::string_view, 2>;
constexpr std::array<Parts, 10> registers{{{"x19", "w19"},
                                           {"x20", "w20"},
                                           {"x21", "w21"},
                                           {"x22", "w22"},
                                           {"x23", "w23"},
                                           {"x24", "w24"},
                                           {"x25", "w25"},
                                           {"x26", "w26"},
                                           {"x27", "w27"},
                                           {"x28", "w28"}}};
#endif

/// What an instruction does to a register.
enum class Use { none, looks, overwrites };

class Decoder {
 public:
  Decoder() {
    is_open_ = cs_open(architecture, mode, &handle_) == CS_ERR_OK &&
               cs_option(handle_, CS_OPT_DETAIL, CS_OPT_ON) == CS_ERR_OK;
    if (is_open_) instruction_ = cs_malloc(handle_);
  }
  ~Decoder() {
    if (instruction_ != nullptr) cs_free(instruction_, 1);
    if (is_open_) cs_close(&handle_);
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  /// Does every path from here overwrite the register before it looks at it?
  [[nodiscard]] bool is_dead(std::uintptr_t address, const Parts& parts) {
    constexpr std::size_t enough = 500;  // instructions; a loop's body and what follows it
    std::set<std::uintptr_t> seen;
    std::vector<std::uintptr_t> paths{address};
    while (!paths.empty()) {
      const std::uintptr_t at = paths.back();
      paths.pop_back();
      if (!seen.insert(at).second) continue;
      if (seen.size() > enough || !decode(at)) return false;
      const Use use = use_of(parts);
      if (use == Use::looks) return false;
      if (use == Use::overwrites) continue;
      if (!go_on(paths)) return false;
    }
    return true;
  }

 private:
  [[nodiscard]] bool decode(std::uintptr_t address) {
    if (instruction_ == nullptr) return false;
    const auto* code = reinterpret_cast<const std::uint8_t*>(address);
    std::size_t size = longest_instruction;
    std::uint64_t at = address;
    return cs_disasm_iter(handle_, &code, &size, &at, instruction_);
  }

  [[nodiscard]] Use use_of(const Parts& parts) const {
    cs_regs read;
    cs_regs written;
    std::uint8_t reads = 0;
    std::uint8_t writes = 0;
    if (cs_regs_access(handle_, instruction_, read, &reads, written, &writes) != CS_ERR_OK) {
      return Use::looks;
    }
    if (std::any_of(read, read + reads, [&](std::uint16_t r) { return part(r, parts) >= 0; })) {
      return Use::looks;
    }
    Use use = Use::none;
    for (std::size_t i = 0; i < writes; ++i) {
      const int which = part(written[i], parts);
      if (which > 1) return Use::looks;  // what it leaves may be looked at
      if (which >= 0) use = Use::overwrites;
    }
    return use;
  }

  [[nodiscard]] int part(std::uint16_t id, const Parts& parts) const {
    const char* const name = cs_reg_name(handle_, id);
    if (name == nullptr) return -1;
    const auto found = std::find(parts.begin(), parts.end(), std::string_view(name));
    return found == parts.end() ? -1 : static_cast<int>(found - parts.begin());
  }

  /// Adds where the instruction that was decoded goes on. False: nobody knows.
  [[nodiscard]] bool go_on(std::vector<std::uintptr_t>& paths) const {
    const auto is = [&](cs_group_type group) {
      return cs_insn_group(handle_, instruction_, static_cast<unsigned>(group));
    };
    const std::uintptr_t next = instruction_->address + instruction_->size;
    if (is(CS_GRP_RET) || is(CS_GRP_IRET) || is(CS_GRP_INT)) return false;
    if (is(CS_GRP_CALL)) {
      paths.push_back(next);
      return is_hook(target());
    }
    if (!is(CS_GRP_JUMP)) {
      paths.push_back(next);
      return true;
    }
    const std::uintptr_t to = target();
    if (to == 0) return false;
    paths.push_back(to);
    if (!is_unconditional()) paths.push_back(next);
    return true;
  }

  /// Of a direct jump or call; 0 if it is indirect.
  [[nodiscard]] std::uintptr_t target() const {
#if defined(__x86_64__)
    const cs_x86& detail = instruction_->detail->x86;
    const bool is_direct = detail.op_count == 1 && detail.operands[0].type == X86_OP_IMM;
    return is_direct ? static_cast<std::uintptr_t>(detail.operands[0].imm) : 0;
#else
    const cs_arm64& detail = instruction_->detail->arm64;
    for (std::uint8_t i = 0; i < detail.op_count; ++i) {  // the last: tbz has the bit before it
      const auto& operand = detail.operands[detail.op_count - 1 - i];
      if (operand.type == ARM64_OP_IMM) return static_cast<std::uintptr_t>(operand.imm);
    }
    return 0;
#endif
  }
  [[nodiscard]] bool is_unconditional() const {
#if defined(__x86_64__)
    return instruction_->id == X86_INS_JMP;
#else
    const arm64_cc condition = instruction_->detail->arm64.cc;
    return instruction_->id == ARM64_INS_B &&
           (condition == ARM64_CC_INVALID || condition == ARM64_CC_AL);
#endif
  }
  [[nodiscard]] static bool is_hook(std::uintptr_t function) {
    return function >= reinterpret_cast<std::uintptr_t>(__start_lockstep_hooks) &&
           function < reinterpret_cast<std::uintptr_t>(__stop_lockstep_hooks);
  }

  csh handle_ = 0;
  bool is_open_ = false;
  cs_insn* instruction_ = nullptr;
};

}  // namespace

std::uint32_t dead_registers(std::uintptr_t return_address) {
  static std::map<std::uintptr_t, std::uint32_t> known;
  const auto [found, is_new] = known.try_emplace(return_address, 0U);
  if (is_new) {
    Decoder decoder;
    for (std::size_t i = 0; i < registers.size(); ++i) {
      if (decoder.is_dead(return_address, registers[i])) found->second |= 1U << i;
    }
  }
  return found->second;
}

}  // namespace lockstep::check

#endif
