// checker/report/finding.hpp: a wrong execution, as the run that repeats it records it for the report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checker/graph/graph.hpp"
#include "lockstep/check.hpp"

namespace lockstep::check {

/// Return addresses, the innermost call first.
using Backtrace = std::vector<std::uintptr_t>;

/// Where in the program an event of the graph was, and what more is known of it.
struct Step {
  EventId event;
  Backtrace where;
  std::string note{};       // such as "spurious failure", or nothing
  std::string operation{};  // "fetch_add", "exchange"; nothing if the event says enough
};

/// A plain access, an allocation, or the like: something that took place between the events of a
/// thread. `after` is how many events of the graph the thread had done.
struct PlainAccess {
  std::size_t thread = 0;
  std::size_t after = 0;
  std::uintptr_t address = 0;
  std::size_t size = 0;
  bool is_write = false;
  bool is_atomic = false;  // an atomic access, as one side of a race; `after` counts it
  std::string what;        // "reads", "writes", "frees", ...
  Backtrace where;
  std::string name{};  // what is at the address; nothing if the symbol table or `places` say it
};

/// What a location of the graph is in the program.
struct Place {
  std::uintptr_t address = 0;
  std::size_t size = 0;
  std::string name;  // "ready", or "0x7f.. (heap of thread 1, 24 bytes, +8)": as well as is known
  bool is_queue = false;  // of those who sleep on the address
};

/// The call of a function in which an address is.
struct InFrame {
  std::uintptr_t call = 0;   // return address into the function
  std::uintptr_t begin = 0;  // its stack pointer then: the frame is from there
  std::uintptr_t end = 0;    // to here
};

/// A block of memory that the execution allocated.
struct Allocation {
  std::size_t size = 0;
  Backtrace where;
};

/// A thread at the end of a deadlock or livelock.
struct Waiting {
  std::size_t thread = 0;
  std::string for_what;  // "waits to join thread 2", "spins, reading"
  Backtrace where;
  std::uintptr_t object = 0;  // what it waits for, and its name if the symbol table has none
  std::string name{};
  EventId since{};                   // it sleeps since this
  EventId missed{};                  // a wake that went by before
  std::size_t holder = max_threads;  // who has what it waits for, and since when
  EventId held_since{};
  std::size_t joined = max_threads;  // for whose end it waits
};

/// What a thread printed before another one did.
struct Printed {
  std::size_t thread = 0;
  std::string text;
};

/// A history that no order of its operations explains (lockstep/linearizability.hpp).
struct NotLinearizable {
  struct Moment {
    std::size_t thread = 0;
    std::size_t events = 0;  // that had taken place, of all threads
    std::size_t nth = 0;     // among all moments
  };
  struct Operation {
    Moment called, came_back;
    std::string name;    // "pop()"
    std::string result;  // nothing if it has none
    Backtrace where;
    std::vector<std::size_t> after;  // the operations that had returned before
    std::size_t steps = 1;
  };
  std::vector<Operation> operations{};
  std::vector<std::size_t> order{};    // whose steps the reference can do, one after another
  std::string initial{}, state{};      // of the reference, before and after them
  std::vector<std::size_t> refused{};  // whose steps it can then not do
};

struct Finding {
  Wrong wrong = Wrong::nothing;
  std::string what;                   // one line: "data race on payload", "requirement not met"
  std::size_t thread = 0;             // whose doing it is
  Backtrace where;                    // its place
  std::vector<PlainAccess> accesses;  // the two sides of a race; the free and the use; ...
  std::vector<Waiting> waiting;
  NotLinearizable not_linearizable;
  std::vector<Printed> printed;
  Graph graph{Synchronization::release_acquire};  // the execution
  std::vector<EventId> order;                     // its events as they took place
  std::vector<Step> steps;                        // where each of them is in the program
  std::map<Location, Place> places;
  std::map<std::uintptr_t, InFrame> frames;        // of addresses on stacks
  std::map<std::uintptr_t, Allocation> allocated;  // by address
  std::map<std::size_t, std::string> threads;      // as the program calls them (pthread_setname_np)
  std::string model;                               // "rc11"
  std::string token;
  bool is_full = false;  // the report is to leave nothing out
};

}  // namespace lockstep::check
