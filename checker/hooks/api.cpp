// checker/hooks/api.cpp: what the program says to the checker.
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "checker/hooks/hook.hpp"

namespace lockstep::check {

#define CALL __builtin_return_address(0)

bool is_exploring() noexcept { return modelled() != nullptr; }

void require(bool holds, std::source_location where) {
  if (holds) return;
  const std::string place = std::string(where.file_name()) + ':' + std::to_string(where.line());
  if (Thread* const me = modelled()) {
    const Hook hook(*me, CALL);
    hook->fail(*me, Wrong::requirement, "a requirement does not hold, at " + place);
  }
  std::fprintf(stderr, "%s: a requirement does not hold\n", place.c_str());
  std::abort();
}

void assume(bool holds) {
  Thread* const me = modelled();
  if (holds || me == nullptr) return;
  const Hook hook(*me, CALL);
  hook->discard(*me);
}

int choose(int n) {
  if (n < 1)
    throw std::invalid_argument("lockstep::check::choose: there is nothing to choose from");
  Thread* const me = modelled();
  if (me == nullptr) return 0;
  const Hook hook(*me, CALL);
  return hook->choose(*me, n);
}

detail::IdenticalThreads::IdenticalThreads() {
  if (Thread* const me = modelled()) {
    const Hook hook(*me, CALL);
    hook->begin_identical_threads(*me);
  }
}

detail::IdenticalThreads::~IdenticalThreads() {
  if (Thread* const me = modelled()) {
    const Hook hook(*me, CALL);
    Execution::end_identical_threads(*me);
  }
}

void outcome(std::string_view text) {
  Thread* const me = modelled();
  if (me == nullptr) return;
  const Hook hook(*me, CALL);
  hook->note_outcome(text);
}

}  // namespace lockstep::check
