// tests/oracle/relation.hpp: sets of events and relations between events, as small boolean matrices.
//
// Events are numbered 0 to 31. A Set has a bit for each; a Relation has a row of bits for each: bit b of row a is set
// when (a, b) is in it. The operations carry the names they have in the papers: a | b, a & b, a - b, and
//   seq(a, b, ...)  a ; b ; ...       id(s)        [s]             plus(a)  the transitive closure
//   inverse(a)      the converse      cross(s, t)  all of s × t    maybe(a) a?, reflexive       star(a)  both
//
// Checked by: Relation.* in parts_test.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace oracle {

using Set = std::uint32_t;
inline constexpr int max_events = 32;
inline constexpr Set all_events = ~Set{0};

constexpr Set singleton(int event) { return Set{1} << event; }
constexpr bool contains(Set set, int event) { return (set & singleton(event)) != 0; }

// Calls visit with each member, lowest first.
template <typename Visit>
constexpr void for_each(Set set, Visit visit) {
  for (; set != 0; set &= set - 1) visit(std::countr_zero(set));
}

struct Relation {
  std::array<Set, max_events> rows{};

  constexpr bool contains(int from, int to) const { return oracle::contains(rows[from], to); }
  constexpr void add(int from, int to) { rows[from] |= singleton(to); }
  constexpr void remove(int from, int to) { rows[from] &= ~singleton(to); }
  constexpr bool operator==(const Relation&) const = default;
};

constexpr Relation operator|(Relation a, const Relation& b) {
  for (int e = 0; e < max_events; ++e) a.rows[e] |= b.rows[e];
  return a;
}

constexpr Relation operator&(Relation a, const Relation& b) {
  for (int e = 0; e < max_events; ++e) a.rows[e] &= b.rows[e];
  return a;
}

constexpr Relation operator-(Relation a, const Relation& b) {
  for (int e = 0; e < max_events; ++e) a.rows[e] &= ~b.rows[e];
  return a;
}

constexpr Relation seq(const Relation& a, const Relation& b) {
  Relation result;
  for (int e = 0; e < max_events; ++e) {
    for_each(a.rows[e], [&](int middle) { result.rows[e] |= b.rows[middle]; });
  }
  return result;
}

template <typename... Rest>
constexpr Relation seq(const Relation& a, const Relation& b, const Rest&... rest) {
  return seq(seq(a, b), rest...);
}

constexpr Relation cross(Set from, Set to) {
  Relation result;
  for_each(from, [&](int e) { result.rows[e] = to; });
  return result;
}

constexpr Relation id(Set set) {
  Relation result;
  for_each(set, [&](int e) { result.add(e, e); });
  return result;
}

constexpr Relation inverse(const Relation& a) {
  Relation result;
  for (int e = 0; e < max_events; ++e) {
    for_each(a.rows[e], [&](int to) { result.add(to, e); });
  }
  return result;
}

constexpr Relation maybe(const Relation& a) { return a | id(all_events); }

// Warshall: after the turn of `middle`, all paths whose inner events are at most `middle` are there.
constexpr Relation plus(Relation a) {
  for (int middle = 0; middle < max_events; ++middle) {
    const Set reached = a.rows[middle];
    if (reached == 0) continue;
    for (Set& row : a.rows) row |= contains(row, middle) ? reached : 0;
  }
  return a;
}

constexpr Relation star(const Relation& a) { return maybe(plus(a)); }

constexpr bool empty(const Relation& a) {
  return std::all_of(a.rows.begin(), a.rows.end(), [](Set row) { return row == 0; });
}

constexpr bool irreflexive(const Relation& a) {
  for (int e = 0; e < max_events; ++e) {
    if (a.contains(e, e)) return false;
  }
  return true;
}

constexpr bool acyclic(const Relation& a) { return irreflexive(plus(a)); }

}  // namespace oracle
