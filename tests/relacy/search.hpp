// tests/relacy/search.hpp: one scenario under one of Relacy's schedulers.
#pragma once

#include <cstddef>
#include <iostream>
#include <new>
#include <string>

#include "../scenarios/names.hpp"
#include "../scenarios/scenario.hpp"
#include "execution.hpp"

namespace under_relacy {

/// A scenario without its type. So Relacy's templates, which are most of what there is to compile,
/// are instantiated for each number of threads, and not for each scenario.
struct Scenario {
  std::string name;
  int threads;
  void (*construct)(void*);
  void (*thread)(void*, int);
  void (*finish)(void*);
  void (*destroy)(void*);
};

inline constexpr std::size_t most_bytes = 1024;  // of any scenario

template <class S>
Scenario scenario() {
  static_assert(sizeof(S) <= most_bytes);
  return {scenarios::name_of<S>(),
          S::threads,
          [](void* at) { ::new (at) S; },
          [](void* s, int index) { static_cast<S*>(s)->thread(index); },
          [](void* s) {
            if constexpr (requires(S& of) { of.finish(); }) static_cast<S*>(s)->finish();
          },
          [](void* s) { static_cast<S*>(s)->~S(); }};
}

/// How to search, and how long.
struct Search {
  rl::scheduler_type_e scheduler;
  unsigned long most_executions;
  unsigned switches = 2;  // by the context-bound scheduler, away from a thread that could go on
  bool tells = false;     // the story of an execution that failed
};

struct Finding {
  rl::test_result_e result;  // success: nothing was found
  unsigned long executions;
  bool is_complete;  // the scheduler had no more executions to offer
};

/// A scenario as a test suite of Relacy's.
template <int threads>
class Suite : public rl::test_suite<Suite<threads>, threads> {
 public:
  static inline const Scenario* scenario;
  static inline unsigned long executions_left;

  Suite() {
    begin_execution();
    scenario->construct(bytes_);
  }
  ~Suite() { scenario->destroy(bytes_); }

  void thread(unsigned index) {
    Exceptions::forget();
    scenario->thread(bytes_, static_cast<int>(index));
  }

  void after() {
    scenario->finish(bytes_);
    if (--executions_left == 0) rl::ctx().rl_until("the most executions", {});
  }

 private:
  alignas(std::max_align_t) std::byte bytes_[most_bytes];
};

template <int threads>
rl::test_result_e run(rl::test_params& parameters, std::ostream& state) {
  const bool is_replay = parameters.collect_history;
  return parameters.search_type == rl::sched_random
             ? rl::run_test<Suite<threads>, rl::random_scheduler<threads>>(parameters, state,
                                                                           is_replay)
             : rl::run_test<Suite<threads>, rl::context_bound_scheduler<threads>>(parameters, state,
                                                                                  is_replay);
}

/// Runs the scenario until an execution fails, or there are no more.
template <int threads>
Finding find_error(const Scenario& scenario, const Search& search) {
  std::ostream nowhere(nullptr);
  rl::test_params parameters;
  parameters.iteration_count = search.most_executions;
  parameters.search_type = search.scheduler;
  parameters.context_bound = search.switches;
  parameters.output_stream = &nowhere;
  parameters.progress_stream = &nowhere;
  Suite<threads>::scenario = &scenario;
  Suite<threads>::executions_left = search.most_executions;

  rl::ostringstream state;
  rl::test_result_e result = run<threads>(parameters, state);
  Exceptions::forget();  // the execution may have ended in the midst of one
  const bool is_cut_short = result == rl::test_result_until_condition_hit;
  if (is_cut_short) result = rl::test_result_success;

  const bool is_good = result == rl::test_result_success;
  if (search.tells && !is_good) {
    parameters.collect_history = true;
    parameters.initial_state = state.str();
    parameters.output_stream =
        &std::cout;  // not one that allocates: that would be in Relacy's heap
    run<threads>(parameters, nowhere);
    Exceptions::forget();
  }
  const bool is_complete = is_good && !is_cut_short && search.scheduler != rl::sched_random;
  return {result, static_cast<unsigned long>(parameters.stop_iteration), is_complete};
}

inline Finding find_error(const Scenario& scenario, const Search& search) {
  return scenario.threads == 2 ? find_error<2>(scenario, search) : find_error<3>(scenario, search);
}

}  // namespace under_relacy
