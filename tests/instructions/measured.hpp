// tests/instructions/measured.hpp: how a program whose instructions are counted shows where. count.cpp counts
// between two stops of the process, and reads the name of what was counted before the first.
#pragma once

#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace instructions {

/// Runs `body` once, so that whatever happens only at first has happened, and again, counted under `name`.
template <class Body>
void measure(const char* name, const Body& body) {
  body();
  std::printf("%s\n", name);
  std::fflush(stdout);
  ::kill(::getpid(), SIGSTOP);
  body();
  ::kill(::getpid(), SIGSTOP);
}

}  // namespace instructions
