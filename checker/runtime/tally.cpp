#include "checker/runtime/tally.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace lockstep::check {
namespace {

void add(const Result& found, Result& result) {
  result.executions += found.executions;
  result.blocked += found.blocked;
  result.cut += found.cut;
  result.longest = std::max(result.longest, found.longest);
  result.time += found.time;
  result.workers += found.workers + 1;
  for (const auto& [outcome, count] : found.outcomes) result.outcomes[outcome] += count;
  if (!found.bound.empty()) result.bound = found.bound;
  if (found.wrong == Wrong::nothing || result.wrong != Wrong::nothing) return;
  result.wrong = found.wrong;
  result.report = found.report;
  result.token = found.token;
}

}  // namespace

void pack(Packer& to, const Result& found) {
  for (const std::uint64_t number :
       {found.executions, found.blocked, found.cut, found.workers, std::uint64_t{found.longest},
        static_cast<std::uint64_t>(found.time.count()), static_cast<std::uint64_t>(found.wrong),
        std::uint64_t{found.outcomes.size()}}) {
    to.number(number);
  }
  for (const auto& [outcome, count] : found.outcomes) {
    to.text(outcome);
    to.number(count);
  }
  for (const std::string* const text : {&found.bound, &found.report, &found.token}) to.text(*text);
}

Result unpack_result(Unpacker& from) {
  Result found;
  found.executions = from.number();
  found.blocked = from.number();
  found.cut = from.number();
  found.workers = from.number();
  found.longest = from.number();
  found.time = std::chrono::microseconds(from.number());
  found.wrong = static_cast<Wrong>(from.number(static_cast<std::uint64_t>(Wrong::unsupported)));
  for (std::size_t n = from.count(); n > 0; --n) {
    std::string outcome = from.text();
    found.outcomes[std::move(outcome)] = from.number();
  }
  for (std::string* const text : {&found.bound, &found.report, &found.token}) *text = from.text();
  return found;
}

std::string packed(const Result& found, const std::vector<std::string>& rests) {
  Packer to;
  pack(to, found);
  to.number(rests.size());
  for (const std::string& rest : rests) to.text(rest);
  return std::move(to).done();
}

bool add_packed(std::string_view text, Result& result, std::vector<std::string>& rests) {
  try {
    Unpacker from(text);
    const Result found = unpack_result(from);
    std::vector<std::string> undone(from.count());
    for (std::string& rest : undone) rest = from.text();
    if (!from.at_end()) return false;
    std::move(undone.begin(), undone.end(), std::back_inserter(rests));
    add(found, result);
    return true;
  } catch (const std::invalid_argument&) {
    return false;  // it ends too soon
  }
}

}  // namespace lockstep::check
