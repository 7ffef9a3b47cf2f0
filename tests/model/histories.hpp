// tests/model/histories.hpp: scenarios whose claim is a sequential object: whatever the primitives do in an execution,
// it is to have done, too (lockstep/linearizability.hpp).
//
// To write one: calls that nothing orders may have come in any order, which explains many a wrong result. So let
// some come after all others, in finish(), where only one result is right.
#pragma once

#include "histories/barrier.hpp"
#include "histories/event.hpp"
#include "histories/lock.hpp"
#include "histories/queue.hpp"
#include "histories/semaphore.hpp"
