#include "checker/runtime/recorder.hpp"

#include <unwind.h>

#include <algorithm>

#include "checker/runtime/execution.hpp"

namespace lockstep::check {
namespace {

/// Adds the calls up to where the thread of the program begins.
_Unwind_Reason_Code add_frame(_Unwind_Context* context, void* frames) {
  const std::uintptr_t address = _Unwind_GetIP(context);
  constexpr std::size_t enough = 64;  // the checker's own among them; a report shows two
  if (address == 0 || static_cast<Backtrace*>(frames)->size() == enough ||
      Execution::is_beginning(_Unwind_GetRegionStart(context))) {
    return _URC_END_OF_STACK;
  }
  static_cast<Backtrace*>(frames)->push_back(address);
  return _URC_NO_REASON;
}

}  // namespace

/// The unwinder tells the calls of the code that runs: those of the checker come first.
Backtrace backtrace_of(const Thread& thread) {
  if (&thread != Execution::instance().running() || thread.has_lost_stack) return {thread.call};
  Backtrace frames;
  _Unwind_Backtrace(&add_frame, &frames);
  const auto call = std::find(frames.begin(), frames.end(), thread.call);
  if (call == frames.end()) return {thread.call};
  frames.erase(frames.begin(), call);
  return frames;
}

void Recorder::event(const Thread& thread, EventId event, const char* operation) {
  finding.order.push_back(event);
  finding.steps.push_back({event, backtrace_of(thread), "", operation});
}

void Recorder::print(const Thread& thread, std::string_view text) {
  auto& printed = finding.printed;
  if (printed.empty() || printed.back().thread != thread.id) printed.push_back({thread.id, {}});
  printed.back().text += text;
}

/// A loop may do the same again, millions of times.
bool Recorder::is_last(const Thread& thread, std::uintptr_t address, bool is_write) const noexcept {
  if (accesses_.empty()) return false;
  const PlainAccess& last = accesses_.back();
  return last.thread == thread.id && last.after == thread.done && last.address == address &&
         last.is_write == is_write && last.where.front() == thread.call;
}

void Recorder::access(const Thread& thread, std::uintptr_t address, std::size_t size, bool is_write,
                      const char* what) {
  const std::uintptr_t granule = about & ~std::uintptr_t{7};
  if (about == 0 || address >= granule + 8 || granule >= address + std::max<std::size_t>(size, 1))
    return;
  if (is_last(thread, address, is_write)) return;
  accesses_.push_back({thread.id, thread.done, address, size, is_write, false, what,
                       backtrace_of(thread), Execution::instance().name_of(address)});
}

const PlainAccess* Recorder::find(std::size_t thread, std::size_t after, std::uintptr_t address,
                                  std::size_t size, bool is_write) const noexcept {
  const auto found = std::find_if(accesses_.rbegin(), accesses_.rend(), [&](const PlainAccess& a) {
    return a.thread == thread && a.after == after && a.is_write == is_write &&
           a.what != "allocates" && a.address < address + size && address < a.address + a.size;
  });
  return found == accesses_.rend() ? nullptr : &*found;
}

const PlainAccess* Recorder::find_block(std::uintptr_t address,
                                        std::string_view what) const noexcept {
  const auto found = std::find_if(accesses_.rbegin(), accesses_.rend(), [&](const PlainAccess& a) {
    return a.address == address && a.what == what;
  });
  return found == accesses_.rend() ? nullptr : &*found;
}

}  // namespace lockstep::check
