// checker/runtime/recorder.hpp: what a run that repeats a wrong execution writes down for its report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checker/report/finding.hpp"
#include "checker/runtime/thread.hpp"

namespace lockstep::check {

class Recorder {
 public:
  /// An event of the graph, the last that the thread did.
  void event(const Thread& thread, EventId event, const char* operation);
  /// A plain access, an allocation or a free.
  void access(const Thread& thread, std::uintptr_t address, std::size_t size, bool is_write,
              const char* what);

  /// What the thread says.
  void print(const Thread& thread, std::string_view text);

  /// The last access to any of these bytes by a thread that had done so many events.
  [[nodiscard]] const PlainAccess* find(std::size_t thread, std::size_t after,
                                        std::uintptr_t address, std::size_t size,
                                        bool is_write) const noexcept;

  /// What last allocated or freed the block at an address, as `what` says, or null.
  [[nodiscard]] const PlainAccess* find_block(std::uintptr_t address,
                                              std::string_view what) const noexcept;

  [[nodiscard]] const PlainAccess* last() const noexcept {
    return accesses_.empty() ? nullptr : &accesses_.back();
  }

  Finding finding;
  /// Only plain accesses to the 8 bytes around this are written down: a program may have millions of others.
  std::uintptr_t about = 0;
  /// What it should have been about.
  std::uintptr_t wanted = 0;

 private:
  [[nodiscard]] bool is_last(const Thread& thread, std::uintptr_t address,
                             bool is_write) const noexcept;

  std::vector<PlainAccess> accesses_;
};

/// The calls that the thread is in, from that of the hook outwards.
[[nodiscard]] Backtrace backtrace_of(const Thread& thread);

}  // namespace lockstep::check
