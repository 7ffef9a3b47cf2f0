// checker/cli/installation.hpp: where the parts of the checker are that a program is compiled and linked with.
//
// An executable that was installed finds them from where it is itself, wherever that has been moved to; one in
// a build tree knows the paths of that.
#pragma once

#include <string>

namespace lockstep::cli {

struct Installation {
  std::string include_folder;   // has lockstep/check.hpp
  std::string library_headers;  // come before those of libstdc++
  std::string probe_source;
  std::string runner;   // an object file
  std::string checker;  // a library
};

[[nodiscard]] const Installation& installation();

}  // namespace lockstep::cli
