"""The goals of the project's issue 7, and how far this run is from them.

A goal that was set in nanoseconds, on another machine, is a ratio here: of what was measured there.
"""
from dataclasses import dataclass
from typing import Callable, Optional

from results import FLOORS, geometric_mean, mean
from tables import markdown, number

# What GenMC 0.11 does, as published (executions a second; another machine, another day), and our name for the program.
GENMC = {
    "7 writers": ("N-writers(7)", 102_000),
    "fetch_add x 8": ("fetch_add(8)", 16_000),
    "16 writers 1 reader": ("readers(17)", 13_000),
    "ticket lock 8": ("ticketlock(8)", 3_100),
    "test-and-set lock 6": ("ttaslock(6)", 200),
    "MS queue 2 x 2": ("ms-queue 2R2W", 2_200),
    "MPMC ring 2 x 3": ("mpmc 2R3W", 1_400),
}
GENMC_AT_ITS_BEST = ("7 writers",)


@dataclass
class Goal:
    """`measured` gives None where something that it takes was not measured."""

    subject: str
    what: str
    limit: float
    measured: Callable[[object], Optional[float]]
    at_least: bool = False
    why_not: str = ""

    def is_met(self, value):
        return value >= self.limit if self.at_least else value <= self.limit


def is_ours(peer):
    return peer.startswith("lockstep")


def times(program, family, ours, base=None, case=""):
    """Our time in times of the base's."""
    def measured(run):
        found = run.family(program, family)
        if not found or not found.find(case, ours) or not found.find(case, base or found.base):
            return None
        return found.find(case, ours).time / found.find(case, base or found.base).time
    return measured


def times_the_best(program, family, ours, case="", floors=False):
    """Our time in times of that of the fastest other one."""
    def measured(run):
        found = run.family(program, family)
        if not found or not found.find(case, ours):
            return None
        others = [found.find(case, peer).time for peer in found.peers
                  if not is_ours(peer) and (floors or peer not in FLOORS) and found.find(case, peer)]
        return found.find(case, ours).time / min(others) if others else None
    return measured


def worst_case(program, family, ours, *others):
    """How many times as fast as the fastest of the others we are, in the case where that is least."""
    def measured(run):
        found = run.family(program, family)
        if not found or not any(peer in found.peers for peer in others):
            return None
        return min(min(found.find(case, peer).time for peer in others if found.find(case, peer))
                   / found.find(case, ours).time for case in found.cases)
    return measured


def combined(combine, values):
    """What a function of the contended lock's family gives, as `combine` puts it together."""
    def measured(run):
        found = run.family("lock", "contended")
        return combine(values(found)) if found else None
    return measured


def counter(program, family, ours, name, case=""):
    def measured(run):
        found = run.family(program, family)
        result = found and found.find(case, ours)
        return result.counters.get(name) if result else None
    return measured


def size(name):
    return lambda run: run.sizes.get(name)


def times_genmc(program):
    def measured(run):
        found = run.family("checker", "explore")
        result = found and found.find(program, "lockstep check")
        return result.counters["per_second"] / GENMC[program][1] if result else None
    return measured


LOCK = "lockstep::Lock"
TWO_PROCESSORS = "with more threads than processors it is the kernel's turns that decide"

GOALS = [
    Goal("Lock", "a pair, times the floor", 1.02, times("lock", "uncontended", LOCK),
         why_not="release is a compare-exchange here, not an exchange: the queue's bits are in the same word"),
    Goal("", "contended: throughput, times std::mutex's", 1.30,
         combined(geometric_mean, lambda family: family.ratios(LOCK)), True,
         "with two processors there is little to win: whoever runs has the lock, and peers differ by less than runs do"),
    Goal("", "contended: the same, the worst of 36 cases", 0.9, combined(min, lambda family: family.ratios(LOCK)), True,
         "two threads on two processors: whether they collide is chance, for all peers"),
    Goal("", "contended: fewest/most acquisitions", 0.50,
         combined(mean, lambda family: family.counters("fairness", LOCK)), True,
         TWO_PROCESSORS + ", see README: judge by `--long`"),
    Goal("", "contended: p99.9 of acquiring, times std::mutex's", 0.10,
         combined(geometric_mean, lambda family: family.relative("p99.9_ns", LOCK)),
         why_not=TWO_PROCESSORS + ": who is not running while it holds the lock makes the others wait a turn"),
    Goal("", "contended: CPU per acquisition, times std::mutex's", 0.75,
         combined(geometric_mean, lambda family: family.relative("cpu_ns", LOCK)),
         why_not="it spins before it sleeps"),
    Goal("", "bytes", 16, size(LOCK)),
    Goal("RLock", "a nested pair, times std::recursive_mutex's", 0.14,
         times("rlock", "nested", "lockstep::RLock", "std::recursive_mutex"),
         why_not="what is left is the check of the owner and the count"),
    Goal("Semaphore", "a pair, times the floor", 1.05, times("semaphore", "uncontended", "lockstep::Semaphore"),
         why_not="release is a compare-exchange, which must see that nobody queues, not an addition"),
    Goal("", "ping-pong on two processors, times the best (which spins)", 1.3,
         times_the_best("semaphore", "ping-pong", "lockstep::Semaphore", "two-cores", floors=True),
         why_not="it spins for a bounded time only, and then pays for a wake in each direction"),
    Goal("", "ping-pong on one processor, times the best", 1.3,
         times_the_best("semaphore", "ping-pong", "lockstep::Semaphore", "one-core", floors=True),
         why_not="the kernel's switch is nearly all of it"),
    Goal("Condition", "notify nobody, times the best peer's", 1.0,
         times_the_best("condition", "notify", "lockstep::Condition"), why_not="the owner is checked"),
    Goal("", "notify all of 64: sleeps per waiter", 1.1,
         counter("condition", "notify-all", "lockstep::Condition", "switches"),
         why_not="some are woken before the lock is free"),
    Goal("", "queues, times as fast as std::condition_variable, the worst of 9", 1.0,
         worst_case("condition", "queue", "lockstep::Condition", "std::condition_variable"), True,
         "with one slot or few each item is a switch between threads, and who is woken first is chance"),
    Goal("", "queues, times as fast as absl::CondVar, the worst of 9", 1.0,
         worst_case("condition", "queue", "lockstep::Condition", "absl::CondVar"), True,
         "absl lets a running thread pass many items before it wakes another"),
    Goal("Event", "wait for a set one, times the floor (a load)", 1.05, times("event", "wait-set", "lockstep::Event"),
         why_not="it is one load; the rest is the loop around it"),
    Goal("", "broadcast to 64, times the best peer's", 1.0, times_the_best("event", "broadcast", "lockstep::Event"),
         why_not="each waiter is woken by a system call of its own, peers wake all in one"),
    Goal("Barrier", "a phase, times as fast as the best of std and pthread, the worst of 4", 1.0,
         worst_case("barrier", "phase", "lockstep::Barrier", "std::barrier", "pthread_barrier"), True,
         "each waiter is woken by a system call of its own, theirs wake all in one"),
    Goal("Timer", "arm and cancel among 10⁵, times Asio's", 0.08,
         times("timer", "arm-cancel", "lockstep::Timer", "asio::steady_timer", "pending:100000"),
         why_not="Asio's is faster here than where the goal was set (760 ns)"),
    Goal("", "bytes of one among a million that are pending", 64, counter("timer", "pend", "lockstep::Timer", "bytes"),
         why_not="a Timer has its callback and what `join` waits on inside"),
    Goal("Coroutines", "Lock, a pair, times the floor", 1.5, times("task", "lock", "lockstep")),
    Goal("", "Lock, taken in turn by 64, times the floor", 2.2, times("async", "lock-64", LOCK),
         why_not="the floor has no queue: to get into the list, and out, is two more atomic instructions each"),
    Goal("", "Semaphore, a pair, times the floor", 1.5, times("task", "semaphore", "lockstep")),
    Goal("", "Semaphore, taken in turn by 64, times the floor", 3.4, times("async", "semaphore-64", "lockstep::Semaphore"),
         why_not="as for Lock"),
    Goal("", "Event, a waiter, times the floor", 3.1, times("async", "event-1", "lockstep::Event"),
         why_not="its queue is in order, and a waiter can leave it; the floor's is neither"),
    Goal("", "Event, each of 1000, times the floor", 1.34, times("async", "event-1000", "lockstep::Event"),
         why_not="as for one; and each is marked as woken by an atomic instruction"),
    Goal("", "ping-pong by semaphores, times the floor", 1.46, times("async", "ping-pong", "lockstep::Semaphore"),
         why_not="a release that wakes somebody comes back, the floor's transfer does not"),
    Goal("", "create, await, destroy a task, times Asio's", 0.98, times("task", "create", "lockstep", "asio::awaitable"),
         why_not="Asio keeps a freed frame for the next of its size, we call operator new"),
    Goal("", "a million sleeping tasks, times Asio's", 0.17, times("task", "sleepers", "lockstep", "asio::awaitable"),
         why_not="Asio is faster here than where the goal was set (4,100 ns)"),
    Goal("", "the same: bytes each", 200, counter("task", "sleepers", "lockstep", "bytes"),
         why_not="a task's frame has room for its result, its cancellation and the timer"),
    Goal("", "allocations for a wait", 0.01, counter("async", "lock-64", LOCK, "allocations")),
    *(Goal("Checker" if program == next(iter(GENMC)) else "", f"{program}, times GenMC's {GENMC[program][0]}",
           3 if program in GENMC_AT_ITS_BEST else 10, times_genmc(program), True,
           "an execution here is native code, run from the start or a snapshot; one of GenMC's best cases is few events")
      for program in GENMC),
]


def table(run):
    """Empty if nothing was measured that there is a goal for."""
    rows = []
    subject = ""
    for goal in GOALS:
        subject = goal.subject or subject
        value = goal.measured(run)
        if value is None:
            continue
        is_met = goal.is_met(value)
        rows.append([f"{subject}: {goal.what}", f"{'≥' if goal.at_least else '≤'} {goal.limit:g}", number(value),
                     "met" if is_met else "no", "" if is_met else goal.why_not])
    return markdown(["", "goal", "measured", "met", "why not"], *rows) if rows else ""


def checker_table(family):
    """The checker's: no ratios, as nobody else explores these programs in this run."""
    rows = []
    for program in family.cases:
        counters = family.results[program, family.peers[0]].counters
        theirs = GENMC.get(program)
        rows.append([program, *(f"{counters[name]:,.0f}" for name in ("executions", "blocked", "events", "per_second")),
                     f"{counters['mebibytes']:.1f}", f"{theirs[1]:,} ({theirs[0]})" if theirs else ""])
    return markdown(["", "executions", "blocked", "events", "per second", "MiB", "GenMC, as published, per second"], *rows)
