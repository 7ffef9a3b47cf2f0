// lockstep/async.hpp: tasks and what runs them, all of async/, as asyncio has it and no more.
//
// Read shared, outcome, completion (anything that is done one day), join (waiting for that), loop,
// running_task, promise, task; the rest are small and on top of these.
//
// Where this is not asyncio:
// - A coroutine and a Task are one type, lazy until it is awaited or given to a loop (task.hpp).
// - The grant wins (SEMANTICS A5): what a wait has got is not lost because the task is cancelled in the
//   same pass; the next wait that has to wait throws CancelledError.
// - What a call of a loop throws is not logged, but comes out of what runs the loop (loop.hpp).
// - Tasks, futures and gatherings may be awaited, and futures set, on any thread.
#pragma once

#include "lockstep/async/async_generator.hpp"
#include "lockstep/async/async_with.hpp"
#include "lockstep/async/event_loop.hpp"
#include "lockstep/async/for_each.hpp"
#include "lockstep/async/future.hpp"
#include "lockstep/async/gather.hpp"
#include "lockstep/async/outcome.hpp"
#include "lockstep/async/sleep.hpp"
#include "lockstep/async/task.hpp"
#include "lockstep/async/thread_pool.hpp"
#include "lockstep/async/timeout.hpp"
