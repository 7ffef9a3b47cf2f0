#include "checker/runtime/drawings.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "checker/report/dot.hpp"

namespace lockstep::check {
namespace {

/// Nothing if it was written, else why not.
std::string write_file(const std::string& path, const std::string& text) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return {};
  return errno == 0 ? "it cannot be written" : std::strerror(errno);
}

}  // namespace

void Drawings::draw(const Finding& finding, const Symbols& symbols) {
  discard();
  if (!options_.dot.empty()) {
    files_.push_back({options_.dot, "graph for Graphviz", dot_of(finding, symbols)});
  }
}

std::string Drawings::write() const {
  std::string said = files_.empty() ? "" : "\n";
  for (const File& file : files_) {
    const std::string obstacle = write_file(file.path, file.text);
    said += file.what + ": " + file.path +
            (obstacle.empty() ? "" : " (not written: " + obstacle + ')') + '\n';
  }
  return said;
}

}  // namespace lockstep::check
