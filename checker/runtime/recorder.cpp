#include "checker/runtime/recorder.hpp"

#include <unwind.h>

#include <algorithm>

#include "checker/runtime/execution.hpp"

namespace lockstep::check {
namespace {

/// Adds the calls up to where the thread of the program begins.
_Unwind_Reason_Code add_frame(_Unwind_Context* context, void* calls) {
  const std::uintptr_t address = _Unwind_GetIP(context);
  constexpr std::size_t enough = 64;  // the checker's own among them; a report shows two
  auto& all = *static_cast<std::vector<Recorder::Call>*>(calls);
  if (address == 0 || all.size() == enough) return _URC_END_OF_STACK;
  if (Execution::is_beginning(_Unwind_GetRegionStart(context))) {
    all.push_back({0, _Unwind_GetCFA(context)});  // where the last frame ends
    return _URC_END_OF_STACK;
  }
  all.push_back({address, _Unwind_GetCFA(context)});
  return _URC_NO_REASON;
}

/// The unwinder tells the calls of the code that runs: those of the checker come first.
std::vector<Recorder::Call> calls_of(const Thread& thread) {
  if (&thread != Execution::instance().running() || thread.has_lost_stack)
    return {{thread.call, 0}};
  std::vector<Recorder::Call> calls;
  _Unwind_Backtrace(&add_frame, &calls);
  const auto call = std::find_if(calls.begin(), calls.end(), [&](const Recorder::Call& each) {
    return each.address == thread.call;
  });
  if (call == calls.end()) return {{thread.call, 0}};
  calls.erase(calls.begin(), call);
  return calls;
}

Backtrace addresses_of(const std::vector<Recorder::Call>& calls) {
  Backtrace addresses;
  for (const Recorder::Call& call : calls) {
    if (call.address != 0) addresses.push_back(call.address);
  }
  return addresses;
}

}  // namespace

Backtrace backtrace_of(const Thread& thread) { return addresses_of(calls_of(thread)); }

void Recorder::event(const Thread& thread, EventId event, const char* operation) {
  calls_[thread.id] = calls_of(thread);
  finding.order.push_back(event);
  finding.steps.push_back({event, addresses_of(calls_[thread.id]), "", operation});
}

/// The frame of a call ends where the stack pointer of the one around it is.
void Recorder::mention(std::uintptr_t address) {
  if (!arena::is_stack(address)) return;
  const auto calls = calls_.find(arena::slot_of(address));
  if (calls == calls_.end()) return;
  const auto& all = calls->second;
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const std::uintptr_t begin = all[i].stack_pointer, end = all[i + 1].stack_pointer;
    if (begin == 0 || address < begin || address >= end) continue;
    finding.frames.try_emplace(address, InFrame{all[i].address, begin, end});
    return;
  }
}

void Recorder::allocation(const Thread& thread, std::uintptr_t address, std::size_t size) {
  constexpr std::size_t enough = 10'000;  // a program may have millions
  if (finding.allocated.size() < enough) finding.allocated[address] = {size, backtrace_of(thread)};
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
  calls_[thread.id] = calls_of(thread);
  mention(address);
  accesses_.push_back({thread.id, thread.done, address, size, is_write, false, what,
                       addresses_of(calls_[thread.id]), Execution::instance().name_of(address)});
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
