#include "checker/runtime/tally.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <utility>

namespace lockstep::check {
namespace {

/// The last thing in a text, which tells that it is whole.
constexpr std::uint64_t end_mark = 0x6c6f636b73746570;

class Writer {
 public:
  void number(std::uint64_t value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    text_.append(bytes, sizeof value);
  }
  void text(std::string_view value) {
    number(value.size());
    text_ += value;
  }
  [[nodiscard]] std::string done() && {
    number(end_mark);
    return std::move(text_);
  }

 private:
  std::string text_;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : left_(text) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    const std::string_view bytes = take(sizeof value);
    std::memcpy(&value, bytes.data(), bytes.size());
    return value;
  }
  std::string text() { return std::string(take(number())); }
  [[nodiscard]] bool is_whole() { return number() == end_mark && left_.empty() && !is_short_; }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > left_.size()) {
      is_short_ = true;
      return {};
    }
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }

  std::string_view left_;
  bool is_short_ = false;
};

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

std::string packed(const Result& found, const std::vector<std::string>& rests) {
  Writer writer;
  for (const std::uint64_t number :
       {found.executions, found.blocked, found.cut, found.workers, std::uint64_t{found.longest},
        static_cast<std::uint64_t>(found.time.count()), static_cast<std::uint64_t>(found.wrong),
        std::uint64_t{found.outcomes.size()}}) {
    writer.number(number);
  }
  for (const auto& [outcome, count] : found.outcomes) {
    writer.text(outcome);
    writer.number(count);
  }
  writer.text(found.bound);
  writer.text(found.report);
  writer.text(found.token);
  writer.number(rests.size());
  for (const std::string& rest : rests) writer.text(rest);
  return std::move(writer).done();
}

bool add_packed(std::string_view text, Result& result, std::vector<std::string>& rests) {
  Reader reader(text);
  Result found;
  found.executions = reader.number();
  found.blocked = reader.number();
  found.cut = reader.number();
  found.workers = reader.number();
  found.longest = reader.number();
  found.time = std::chrono::microseconds(reader.number());
  found.wrong = static_cast<Wrong>(reader.number());
  const std::uint64_t outcomes = std::min<std::uint64_t>(reader.number(), text.size());
  for (std::uint64_t i = 0; i < outcomes; ++i) {
    std::string outcome = reader.text();
    found.outcomes[std::move(outcome)] = reader.number();
  }
  found.bound = reader.text();
  found.report = reader.text();
  found.token = reader.text();
  std::vector<std::string> undone(std::min<std::uint64_t>(reader.number(), text.size()));
  for (std::string& rest : undone) rest = reader.text();
  if (!reader.is_whole()) return false;
  std::move(undone.begin(), undone.end(), std::back_inserter(rests));
  add(found, result);
  return true;
}

}  // namespace lockstep::check
