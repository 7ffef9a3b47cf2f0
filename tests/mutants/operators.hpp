// tests/mutants/operators.hpp: what can be broken in a header, and how: the mutation operators.
//
//   order       of an atomic operation or fence, one step weaker; acq_rel is weakened on either side
//   atomicity   of a read-modify-write: a load and a store instead
//   omission    of a store, a read-modify-write whose result is not used, a fence
//   wake        omitted; of many that are woken, only the first
//   wait        the futex does not compare before it sleeps
//   check       a condition that asks an atomic is not asked: that of an if is taken for true, or false, that of a
//               loop for false
//
// Each mutant is behind the question whether it is the one that is switched on (mutant.hpp), so a program built
// with the copies has them all. Beside these there are the ones written by hand (planted.hpp).
// Checked by: operators_test.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "source.hpp"

namespace mutants {

/// One way to break an operation.
struct Mutant {
  std::size_t number;  // what switches it on, from 1
  std::string kind;    // "order", "atomicity", ...: the operators above
  std::string file;    // as in #include "lockstep/...": "wait/queue.hpp"
  unsigned line;
  std::string function;
  std::string operation;  // as it stands there, without std::memory_order_
  std::string change;     // "acquire -> relaxed"

  /// What names it as long as its function stays as it is, wherever that stands.
  [[nodiscard]] std::string key() const {
    const std::string where = file + ": " + function + ": " + operation;
    return kind == "planted" ? where : where + ": " + change;
  }
};

/// An operation on an atomic, a fence, a wake or a wait, whether or not there is something to weaken.
struct Operation {
  std::string file;
  unsigned line;
  std::string function;
  std::string operation;
  std::string order;  // "acquire"; of a compare-exchange "acquire, relaxed"; empty if it has none
  std::vector<std::size_t> mutants;
};

/// The header with all its mutants, which are added to `all` and get the next numbers. Throws std::invalid_argument if
/// it names a memory order that belongs to no operation in a function.
std::string with_mutants(const std::string& file, const Source& source, std::vector<Mutant>& all,
                         std::vector<Operation>& operations);

}  // namespace mutants
