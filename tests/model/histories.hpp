// tests/model/histories.hpp: scenarios whose claim is a sequential object: whatever the primitives do in an execution,
// it is to have done, too (lockstep/linearizability.hpp).
#pragma once

#include "histories/barrier.hpp"
#include "histories/event.hpp"
#include "histories/lock.hpp"
#include "histories/queue.hpp"
#include "histories/semaphore.hpp"
