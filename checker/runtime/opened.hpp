// checker/runtime/opened.hpp: the files that an execution has open. They are closed when it is over.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace lockstep::check {

class Opened {
 public:
  void add(int descriptor) { files_.push_back({descriptor, nullptr}); }
  /// A stream in memory has no descriptor.
  void add(std::FILE* stream) {
    const int descriptor = fileno(stream);
    if (descriptor >= 0) remove(descriptor);  // a stream of what was open without one
    files_.push_back({descriptor, stream});
  }

  [[nodiscard]] bool contains(int descriptor) const noexcept {
    return std::any_of(files_.begin(), files_.end(),
                       [&](const File& file) { return file.descriptor == descriptor; });
  }
  [[nodiscard]] bool contains(const std::FILE* stream) const noexcept {
    return std::any_of(files_.begin(), files_.end(),
                       [&](const File& file) { return file.stream == stream; });
  }

  [[nodiscard]] bool is_empty() const noexcept { return files_.empty(); }

  void remove(int descriptor) noexcept {
    std::erase_if(files_, [&](const File& file) { return file.descriptor == descriptor; });
  }
  void remove(const std::FILE* stream) noexcept {
    std::erase_if(files_, [&](const File& file) { return file.stream == stream; });
  }

  void close_all() noexcept {
    for (const File& file : files_) {
      if (file.stream != nullptr) {
        std::fclose(file.stream);
      } else {
        close(file.descriptor);
      }
    }
    files_.clear();
  }

 private:
  struct File {
    int descriptor;
    std::FILE* stream;
  };
  std::vector<File> files_;
};

}  // namespace lockstep::check
