#include "checker/cli/progress.hpp"

#include <unistd.h>

#include <cstdio>

namespace lockstep::cli {
namespace {

/// Of digits that mean something: an estimate has two.
std::string about(double number) {
  char text[32];
  std::snprintf(text, sizeof text, number < 1e6 ? "%.0f" : "%.1e", number);
  return text;
}

std::string duration(double seconds) {
  if (seconds < 100) return about(seconds) + " s";
  if (seconds < 100 * 60) return about(seconds / 60) + " min";
  return about(seconds / 3600) + " h";
}

}  // namespace

std::string text_of(const check::Progress& progress) {
  const auto done = static_cast<double>(progress.executions);
  const double seconds = static_cast<double>(progress.elapsed.count()) / 1e6;
  const double rate = seconds > 0 ? done / seconds : 0;
  std::string text =
      "lockstep: " + std::to_string(progress.executions) + " executions, " + about(rate) + "/s";
  if (progress.estimated > done && rate > 0) {
    text += ", about " + about(progress.estimated) + " in all, " +
            duration((progress.estimated - done) / rate) + " left";
  }
  return text;
}

ProgressLine::ProgressLine() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  if (is_terminal_ && is_shown_) std::fprintf(stderr, "\r\033[K");
}

std::chrono::milliseconds ProgressLine::interval() const noexcept {
  constexpr std::chrono::milliseconds on_terminal{250};
  constexpr std::chrono::milliseconds in_log{5'000};
  return is_terminal_ ? on_terminal : in_log;
}

void ProgressLine::show(const check::Progress& progress) {
  is_shown_ = true;
  std::fprintf(stderr, is_terminal_ ? "\r%s\033[K" : "%s\n", text_of(progress).c_str());
}

}  // namespace lockstep::cli
