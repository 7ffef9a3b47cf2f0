#include "checker/cli/json.hpp"

#include <cstdio>
#include <string_view>

namespace lockstep::cli {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (code < 0x20) {
      char escaped[7];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", code);
      result += escaped;
    } else {
      result += c;
    }
  }
  return result + '"';
}

const char* name_of(check::Verdict verdict) {
  switch (verdict) {
    case check::Verdict::passed:
      return "passed";
    case check::Verdict::bounded:
      return "bounded";
    case check::Verdict::failed:
      return "failed";
    case check::Verdict::refused:
      return "refused";
  }
  return "?";
}

const char* name_of(check::MemoryModel model) {
  switch (model) {
    case check::MemoryModel::rc11:
      return "rc11";
    case check::MemoryModel::sc:
      return "sc";
    case check::MemoryModel::tso:
      return "tso";
  }
  return "?";
}

/// In the order of check::Wrong.
constexpr const char* wrong_names[] = {"nothing",
                                       "data_race",
                                       "requirement",
                                       "uncaught_exception",
                                       "aborted",
                                       "crash",
                                       "use_after_free",
                                       "bad_free",
                                       "leak",
                                       "deadlock",
                                       "livelock",
                                       "bad_join",
                                       "misuse",
                                       "uninitialized_atomic",
                                       "not_linearizable",
                                       "unsupported"};
static_assert(std::size(wrong_names) == static_cast<std::size_t>(check::Wrong::unsupported) + 1);

class Object {
 public:
  void text(const char* name, std::string_view value) { member(name, quoted(value)); }
  void number(const char* name, std::uint64_t value) { member(name, std::to_string(value)); }
  void seconds(const char* name, std::chrono::microseconds time) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.6f", static_cast<double>(time.count()) / 1e6);
    member(name, digits);
  }
  void member(const char* name, const std::string& value) {
    text_ += (text_.empty() ? "{" : ", ") + quoted(name) + ": " + value;
  }
  [[nodiscard]] std::string done() const { return text_.empty() ? "{}" : text_ + '}'; }

 private:
  std::string text_;
};

}  // namespace

std::string json_of(const check::Result& result) {
  Object object;
  object.text("verdict", name_of(result.verdict));
  object.text("wrong", wrong_names[static_cast<std::size_t>(result.wrong)]);
  object.text("model", name_of(result.model));
  object.number("executions", result.executions);
  object.number("blocked", result.blocked);
  object.number("cut", result.cut);
  object.number("longest", result.longest);
  object.member("is_up_to_permutation", result.is_up_to_permutation ? "true" : "false");
  object.seconds("time", result.time);
  object.seconds("elapsed", result.elapsed);
  object.number("workers", result.workers);
  object.text("bound", result.bound);
  object.text("limits", result.limits);
  object.text("saved", result.saved);
  object.text("token", result.token);
  object.text("report", result.report);
  Object outcomes;
  for (const auto& [outcome, count] : result.outcomes) outcomes.number(outcome.c_str(), count);
  object.member("outcomes", outcomes.done());
  return object.done();
}

}  // namespace lockstep::cli
