// checker/graph/packing.hpp: numbers and texts as bytes, for another process or a file.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "checker/graph/event.hpp"

namespace lockstep::check {

/// Small numbers take one byte (LEB128).
class Packer {
 public:
  void number(std::uint64_t value) {
    for (; value >= 128; value /= 128) bytes_ += static_cast<char>(value | 128);
    bytes_ += static_cast<char>(value);
  }
  void value(Value value) {
    number(static_cast<std::uint64_t>(value));
    number(static_cast<std::uint64_t>(value >> 64));
  }
  void event(EventId id) {
    number(static_cast<std::uint16_t>(id.thread + 1));  // 0: the initial write
    number(id.index);
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  [[nodiscard]] std::string done() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Throws std::invalid_argument where the bytes end too soon, or are none of a Packer's.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : left_(bytes) {}

  std::uint64_t number() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(take(1).front());
      number |= (std::uint64_t{byte} & 127) << shift;
      if (byte < 128) return number;
    }
    throw std::invalid_argument("a number is too large");
  }
  /// One that is at most so large.
  std::uint64_t number(std::uint64_t most) {
    const std::uint64_t value = number();
    if (value > most) throw std::invalid_argument("a number is too large");
    return value;
  }
  Value value() {
    const Value low = number();
    return low | static_cast<Value>(number()) << 64;
  }
  EventId event() {
    const auto thread = static_cast<std::uint16_t>(number(0xffff) - 1);
    return {thread, static_cast<std::uint16_t>(number(0xffff))};
  }
  std::string text() { return std::string(take(number())); }
  /// Of things that take at least a byte each.
  std::size_t count() { return static_cast<std::size_t>(number(left_.size())); }
  [[nodiscard]] bool at_end() const noexcept { return left_.empty(); }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > left_.size()) throw std::invalid_argument("it ends in the middle");
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }

  std::string_view left_;
};

}  // namespace lockstep::check
