// lockstep/lockstep.hpp: all eight primitives.
#pragma once

#include "lockstep/barrier.hpp"
#include "lockstep/bounded_semaphore.hpp"
#include "lockstep/condition.hpp"
#include "lockstep/error.hpp"
#include "lockstep/event.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/rlock.hpp"
#include "lockstep/semaphore.hpp"
#include "lockstep/timer.hpp"
