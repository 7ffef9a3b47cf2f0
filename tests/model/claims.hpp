// tests/model/claims.hpp: plain data and claims, for scenarios under our own checker.
#pragma once

#include "lockstep/check.hpp"

namespace scenarios {

/// Plain data. The checker sees every access as it is, and so every race.
template <class T>
using Shared = T;

using lockstep::check::require;

}  // namespace scenarios
