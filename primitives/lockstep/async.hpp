// lockstep/async.hpp: tasks and what runs them, all of async/.
#pragma once

#include "lockstep/async/async_with.hpp"
#include "lockstep/async/event_loop.hpp"
#include "lockstep/async/future.hpp"
#include "lockstep/async/gather.hpp"
#include "lockstep/async/outcome.hpp"
#include "lockstep/async/sleep.hpp"
#include "lockstep/async/task.hpp"
#include "lockstep/async/thread_pool.hpp"
#include "lockstep/async/timeout.hpp"
