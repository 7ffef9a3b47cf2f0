#include "checker/cli/installation.hpp"

#include <filesystem>
#include <system_error>

#include "lockstep_installation.hpp"

namespace lockstep::cli {
namespace {

namespace fs = std::filesystem;

Installation below(const fs::path& prefix) {
  const fs::path libraries = prefix / installed::library_folder;
  const fs::path parts = libraries / "lockstep";
  return {prefix / installed::include_folder, parts / "include", parts / "probe.c",
          parts / "lockstep_runner.o", libraries / fs::path(built::checker).filename()};
}

/// Installed in bin/, or wherever a package manager keeps the programs of its packages.
Installation found() {
  std::error_code unknown;
  fs::path folder = fs::read_symlink("/proc/self/exe", unknown).parent_path();
  for (; folder.has_relative_path(); folder = folder.parent_path()) {
    Installation candidate = below(folder);
    if (fs::exists(candidate.runner)) return candidate;
  }
  return {built::include_folder, built::library_headers, built::probe_source, built::runner,
          built::checker};
}

}  // namespace

const Installation& installation() {
  static const Installation where = found();
  return where;
}

}  // namespace lockstep::cli
