// checker/graph/relation.hpp: relations between the events of a graph, so that an axiom can be
// written as the papers write it.
//
//   a | b   union           a & b   intersection      a >> b  composition, a ; b
//   [set]   identity on it  ~a      inverse           optional(a)  a?      plus(a)  a+
//
// Events are numbered in the order in which they were added; the initial writes are no members.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace lockstep::check {

class Relation {
 public:
  explicit Relation(std::size_t events)
      : events_(events), words_((events + 63) / 64), bits_(events * words_) {}

  [[nodiscard]] std::size_t events() const noexcept { return events_; }

  [[nodiscard]] bool has(std::size_t from, std::size_t to) const noexcept {
    return (bits_[from * words_ + to / 64] >> (to % 64) & 1) != 0;
  }
  void add(std::size_t from, std::size_t to) noexcept {
    bits_[from * words_ + to / 64] |= std::uint64_t{1} << (to % 64);
  }

  friend Relation operator|(Relation a, const Relation& b) noexcept {
    for (std::size_t i = 0; i < a.bits_.size(); ++i) a.bits_[i] |= b.bits_[i];
    return a;
  }
  friend Relation operator&(Relation a, const Relation& b) noexcept {
    for (std::size_t i = 0; i < a.bits_.size(); ++i) a.bits_[i] &= b.bits_[i];
    return a;
  }
  friend Relation operator>>(const Relation& a, const Relation& b) {
    Relation composed(a.events_);
    a.for_each([&](std::size_t from, std::size_t via) { composed.add_row(from, b, via); });
    return composed;
  }

  /// Calls `visit(from, to)` for each pair.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t from = 0; from < events_; ++from) {
      for (std::size_t w = 0; w < words_; ++w) {
        for (std::uint64_t row = bits_[from * words_ + w]; row != 0; row &= row - 1) {
          visit(from, w * 64 + static_cast<std::size_t>(std::countr_zero(row)));
        }
      }
    }
  }

  friend Relation plus(Relation a) noexcept {
    for (std::size_t via = 0; via < a.events_; ++via) {
      for (std::size_t from = 0; from < a.events_; ++from) {
        if (a.has(from, via)) a.add_row(from, a, via);
      }
    }
    return a;
  }
  friend Relation optional(Relation a) noexcept {
    for (std::size_t i = 0; i < a.events_; ++i) a.add(i, i);
    return a;
  }
  friend bool irreflexive(const Relation& a) noexcept {
    for (std::size_t i = 0; i < a.events_; ++i) {
      if (a.has(i, i)) return false;
    }
    return true;
  }
  friend bool acyclic(const Relation& a) noexcept { return irreflexive(plus(a)); }

 private:
  void add_row(std::size_t to, const Relation& other, std::size_t from) noexcept {
    for (std::size_t w = 0; w < words_; ++w) {
      bits_[to * words_ + w] |= other.bits_[from * words_ + w];
    }
  }

  std::size_t events_;
  std::size_t words_;
  std::vector<std::uint64_t> bits_;
};

}  // namespace lockstep::check
