// checker/runtime/recorder.hpp: what a run that repeats a wrong execution writes down for its report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
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
  /// The report is going to tell of what is at an address now: where is it, if it is on a stack?
  void mention(std::uintptr_t address);
  /// A plain access, an allocation or a free.
  void access(const Thread& thread, std::uintptr_t address, std::size_t size, bool is_write,
              const char* what);

  /// A block was allocated: where, in case the report mentions it.
  void allocation(const Thread& thread, std::uintptr_t address, std::size_t size);

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

  /// A call that a thread is in.
  struct Call {
    std::uintptr_t address;        // that it returns to
    std::uintptr_t stack_pointer;  // as it will be then
  };

 private:
  [[nodiscard]] bool is_last(const Thread& thread, std::uintptr_t address,
                             bool is_write) const noexcept;

  std::vector<PlainAccess> accesses_;
  std::map<std::size_t, std::vector<Call>> calls_;  // of each thread, when it was last heard of
};

/// The calls that the thread is in, from that of the hook outwards: where they return to.
[[nodiscard]] Backtrace backtrace_of(const Thread& thread);

}  // namespace lockstep::check
