#include "checker/cli/json.hpp"

#include <cstdio>
#include <iterator>

#include "checker/report/json.hpp"

namespace lockstep::cli {
namespace {

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

std::string seconds(std::chrono::microseconds time) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.6f", static_cast<double>(time.count()) / 1e6);
  return digits;
}

}  // namespace

std::string json_of(const check::Result& result) {
  check::json::Object object;
  object.text("verdict", name_of(result.verdict));
  object.text("wrong", wrong_names[static_cast<std::size_t>(result.wrong)]);
  object.text("model", name_of(result.model));
  object.number("executions", result.executions);
  object.number("blocked", result.blocked);
  object.number("cut", result.cut);
  object.number("longest", result.longest);
  object.truth("is_up_to_permutation", result.is_up_to_permutation);
  object.member("time", seconds(result.time));
  object.member("elapsed", seconds(result.elapsed));
  object.number("workers", result.workers);
  object.text("bound", result.bound);
  object.text("limits", result.limits);
  object.text("saved", result.saved);
  object.text("token", result.token);
  object.text("report", result.report);
  object.text("drawings", result.drawings);
  check::json::Object outcomes;
  for (const auto& [outcome, count] : result.outcomes) outcomes.number(outcome, count);
  object.member("outcomes", outcomes.done());
  return object.done();
}

}  // namespace lockstep::cli
