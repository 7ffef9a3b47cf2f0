#include "progress.hpp"

#include <unistd.h>

#include <cstdio>
#include <utility>

namespace verify {

Progress::Progress(std::string what, std::size_t all)
    : what_(std::move(what)), all_(all), is_terminal_(::isatty(2) == 1) {}

Progress::~Progress() {
  print();
  if (is_terminal_) std::fputc('\n', stderr);
}

void Progress::step() { ++done_; }

void Progress::show() {
  const auto pause = is_terminal_ ? std::chrono::milliseconds(500) : std::chrono::seconds(30);
  if (Clock::now() - shown_ < pause) return;
  shown_ = Clock::now();
  print();
}

void Progress::print() {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - begun_).count();
  std::fprintf(stderr, "%s%s: %zu of %zu, %lld min %02lld s%s", is_terminal_ ? "\r" : "",
               what_.c_str(), done_, all_, static_cast<long long>(seconds / 60),
               static_cast<long long>(seconds % 60), is_terminal_ ? " " : "\n");
}

}  // namespace verify
