// checker/explore/token.hpp: an execution as a short text, which Replay makes an execution again.
//
//   rc11.AbCdEf…   the model, and in base64url (RFC 4648): a version, the steps, a checksum
//
// A step is a byte and perhaps numbers (LEB128): what kind of event and of which thread; how many
// of the writes to its location, of those in steps before, are later in co than what it sees, or
// than itself; which thread is created or joined; what was chosen. The write half of a
// read-modify-write is no step of its own. Steps are in an order in which they can take place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checker/graph/graph.hpp"

namespace lockstep::check {

struct TokenStep {
  Kind kind = Kind::fence;
  std::size_t thread = 0;
  std::uint64_t number = 0;  // of a read or write: of later writes; of create, join: the other
                             // thread; of a choice: what was chosen
  bool fails = false;        // a weak compare-exchange, for no reason
  bool waits = false;        // a read-modify-write, instead of writing what it sees
  friend bool operator==(const TokenStep&, const TokenStep&) = default;
};

struct Token {
  std::string model;
  std::vector<TokenStep> steps;
};

[[nodiscard]] std::vector<TokenStep> steps_of(const Graph& graph);

/// The same graph in an order in which each thread goes on for long. First comes what the last event of that thread
/// depends on (max_threads: nothing in particular).
[[nodiscard]] std::vector<TokenStep> steps_in_few_turns(const Graph& graph, std::size_t first);

[[nodiscard]] std::string encode(const Token& token);
[[nodiscard]] std::string encode(const Graph& graph, const char* model);

/// Throws std::invalid_argument, which says why, if the text is no token.
[[nodiscard]] Token decode(std::string_view text);

}  // namespace lockstep::check
