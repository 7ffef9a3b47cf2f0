// checker/runtime/globals.hpp: the program's global variables, and the frames of those who called explore(), as they were
// when the exploration began.
//
// Instrumented code tells what it changes there, and the undo log puts that back. Libraries tell nothing: the root of a std::map is
// written by libstdc++, a buffer by snprintf. So after each execution all is compared with a copy, and what still
// differs is put back. What libraries write elsewhere stays: in variables of their own, and in what was allocated before.
//
// Not compared are the runtime's own variables (runtime_data.ld) and the table by which functions of libraries are found, when
// they are first called.
// Checked by: tests/checker/unseen_changes_test.cpp, tests/checker/kept_states_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace lockstep::check {

class Pieces;

class Globals {
 public:
  /// As they are now. `frames`: where on the caller's stack those begin that are not the checker's own.
  void find(std::uintptr_t frames);
  [[nodiscard]] bool is_empty() const noexcept { return ranges_.empty(); }

  /// As they are now, which is how they are to be from now on: others than the program have changed them.
  void renew() noexcept;

  /// Calls a function whose changes here are to last, whatever else the execution has changed.
  void let_last(const std::function<void()>& change);

  /// As they were. All that the undo log knows of has been put back.
  void put_back() const noexcept;

  /// Keeps what differs.
  void keep(Pieces& changed) const;

 private:
  struct Range {
    std::uintptr_t begin, end;
    std::size_t at;  // in the copy
  };

  void add(std::uintptr_t begin, std::uintptr_t end);
  void add_stack(std::uintptr_t frames);
  void copy_to(unsigned char* copy) const noexcept;
  template <class Each>
  void for_each_difference(const unsigned char* copy, Each each) const;

  std::vector<Range> ranges_;
  std::size_t size_ = 0;
  std::size_t room_ = 0;
  std::unique_ptr<unsigned char[]> copy_;
};

}  // namespace lockstep::check
