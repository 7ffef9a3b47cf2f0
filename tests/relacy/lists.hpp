// tests/relacy/lists.hpp: the scenarios that Relacy can run, and how they are searched.
//
// For the one source file of a program: its own headers come between begin.hpp and end.hpp.
#pragma once

#include "begin.hpp"

#include "../scenarios/barrier.hpp"
#include "../scenarios/condition.hpp"
#include "../scenarios/event.hpp"
#include "../scenarios/lock.hpp"
#include "../scenarios/rlock.hpp"
#include "../scenarios/semaphore.hpp"

#include "end.hpp"

#include <map>
#include <string>
#include <vector>

#include "search.hpp"

namespace under_relacy {

// Relacy's, which are inline, have to be in the program, whether anything here calls them or not:
// the C++ runtime calls them too, and must not take memory by one that is and give it back by one
// that is not.
[[gnu::used]] inline void* (*const take_memory)(std::size_t) = &::operator new;
[[gnu::used]] inline void (*const give_memory_back)(void*) = &::operator delete;

template <class... S>
std::vector<Scenario> all_of(scenarios::List<S...>) {
  return {under_relacy::scenario<S>()...};
}

/// By the name of their primitive.
inline const std::map<std::string, std::vector<Scenario>> scenarios_of{
    {"Barrier", all_of(scenarios::BarrierScenarios{})},
    {"Condition", all_of(scenarios::ConditionScenarios{})},
    {"Event", all_of(scenarios::EventScenarios{})},
    {"Lock", all_of(scenarios::LockScenarios{})},
    {"RLock", all_of(scenarios::RLockScenarios{})},
    {"Semaphore", all_of(scenarios::SemaphoreScenarios{})},
};

inline const std::map<std::string, Search> searches{
    {"bound", {rl::sched_bound, 200'000}},
    {"random", {rl::sched_random, 100'000}},
};

}  // namespace under_relacy
