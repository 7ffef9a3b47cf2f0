"""The goals of the project's issue 7, and how far this run is from them.

A goal that was set in nanoseconds, on another machine, is a ratio here: of what was measured there.
"""
from dataclasses import dataclass
from typing import Callable

from results import FLOORS, geometric_mean, is_ours, mean
from tables import markdown, number

# What GenMC 0.11 does with what we call so, as published: executions a second, on another machine.
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
class Of:
    """A number that each peer of a family has: `value(family, peer)`, None if it was not measured."""

    program: str
    family: str
    value: Callable

    def __call__(self, run, peer):
        family = run.family(self.program, self.family)
        return self.value(family, peer) if family else None

    def others(self, run):
        """(value, peer) of each that is not ours."""
        family = run.family(self.program, self.family)
        peers = [peer for peer in family.peers if not is_ours(peer) and peer not in FLOORS] if family else []
        values = [(self(run, peer), peer) for peer in peers]
        return [(value, peer) for value, peer in values if value is not None]


class Sizes:
    def __call__(self, run, peer):
        return run.sizes.get(peer)

    def others(self, run):
        return []


@dataclass
class Goal:
    subject: str
    what: str
    ours: str
    limit: float
    measured: object
    at_least: bool = False
    why_not: str = ""

    def is_met(self, value):
        return value >= self.limit if self.at_least else value <= self.limit

    def best_other(self, run):
        others = self.measured.others(run)
        return (max if self.at_least else min)(others) if others else None


def times(program, family, base=None, case=""):
    """A peer's time in times of the base's."""
    def value(found, peer):
        mine, other = found.find(case, peer), found.find(case, base or found.base)
        return mine.time / other.time if mine and other else None
    return Of(program, family, value)


def times_the_best(program, family, case="", floors=False):
    """A peer's time in times of that of the fastest that is not ours."""
    def value(found, peer):
        others = [found.find(case, other).time for other in found.peers
                  if not is_ours(other) and (floors or other not in FLOORS) and found.find(case, other)]
        mine = found.find(case, peer)
        return mine.time / min(others) if mine and others else None
    return Of(program, family, value)


def worst_case(program, family, *others):
    """How many times as fast as the fastest of the others a peer is, in the case where that is least."""
    def value(found, peer):
        if not any(other in found.peers for other in others) or not all(found.find(case, peer) for case in found.cases):
            return None
        return min(min(found.find(case, other).time for other in others if found.find(case, other))
                   / found.find(case, peer).time for case in found.cases)
    return Of(program, family, value)


def contended(combine, values):
    """What `values(family, peer)` has for the cases of the contended lock, put together."""
    def value(found, peer):
        of_cases = values(found, peer)
        return combine(of_cases) if of_cases else None
    return Of("lock", "contended", value)


def counter(program, family, name, case=""):
    def value(found, peer):
        result = found.find(case, peer)
        return result.counters.get(name) if result else None
    return Of(program, family, value)


def times_genmc(program):
    def value(found, peer):
        result = found.find(program, peer)
        return result.counters["per_second"] / GENMC[program][1] if result else None
    return Of("checker", "explore", value)


LOCK = "lockstep::Lock"
RLOCK = "lockstep::RLock"
CONDITION = "lockstep::Condition"
SEMAPHORE = "lockstep::Semaphore"
EVENT = "lockstep::Event"
TIMER = "lockstep::Timer"
LOCKSTEP = "lockstep"
TURNS = "with more threads than processors the kernel's turns decide, of which there are few; see `--long`"

QUEUES = "who was notified comes in turn, even if others took what there was; newest first, tried, is as quick as absl and starves"
REPLAY = "half of the time and more goes into running to where the next graph begins to differ"

GOALS = [
    Goal("Lock", "a pair, times the floor", LOCK, 1.02, times("lock", "uncontended"),
         why_not="release must keep what else is in the word, and so is a compare-exchange, not an exchange"),
    Goal("", "contended: throughput, times std::mutex's", LOCK, 1.30,
         contended(geometric_mean, lambda family, peer: family.ratios(peer)), True,
         "by less than runs differ: it was between 1.27 and 1.30"),
    Goal("", "contended: the same, the worst case", LOCK, 0.9,
         contended(min, lambda family, peer: family.ratios(peer)), True),
    Goal("", "contended: fewest/most acquisitions", LOCK, 0.50,
         contended(mean, lambda family, peer: family.counters("fairness", peer)), True, TURNS),
    Goal("", "contended: p99.9 of acquiring, times std::mutex's", LOCK, 0.10,
         contended(geometric_mean, lambda family, peer: family.relative("p99.9_ns", peer)),
         why_not="to look more often while spinning, tried, costs 7 to 14% of the throughput and does not lower it"),
    Goal("", "contended: CPU per acquisition, times std::mutex's", LOCK, 0.75,
         contended(geometric_mean, lambda family, peer: family.relative("cpu_ns", peer))),
    Goal("", "bytes", LOCK, 16, Sizes()),
    Goal("RLock", "a nested pair, times std::recursive_mutex's", RLOCK, 0.14,
         times("rlock", "nested", "std::recursive_mutex"),
         why_not="where the goal was set std::recursive_mutex took 35 ns, and takes less here"),
    Goal("Semaphore", "a pair, times the floor", SEMAPHORE, 1.05, times("semaphore", "uncontended"),
         why_not="release is a compare-exchange, which sees that nobody queues, not an addition"),
    Goal("", "ping-pong on two processors, times the best (which spins)", SEMAPHORE, 1.3,
         times_the_best("semaphore", "ping-pong", "two-cores", floors=True),
         why_not="it spins for a bounded time, and then sleeps, which takes a wake in each direction"),
    Goal("", "ping-pong on one processor, times the best", SEMAPHORE, 1.3,
         times_the_best("semaphore", "ping-pong", "one-core", floors=True)),
    Goal("Condition", "notify nobody, times the best peer's", CONDITION, 1.0, times_the_best("condition", "notify")),
    Goal("", "notify all of 64: sleeps per waiter", CONDITION, 1.1, counter("condition", "notify-all", "switches")),
    Goal("", "queues, times as fast as std::condition_variable, the worst", CONDITION, 1.0,
         worst_case("condition", "queue", "std::condition_variable"), True, QUEUES),
    Goal("", "queues, times as fast as absl::CondVar, the worst", CONDITION, 1.0,
         worst_case("condition", "queue", "absl::CondVar"), True, QUEUES),
    Goal("Event", "wait for a set one, times the floor (a load)", EVENT, 1.05, times("event", "wait-set"),
         why_not="one cycle, by where its loop comes to lie: without the other libraries the same sources take 1.00"),
    Goal("", "broadcast to 64, times the best peer's", EVENT, 1.0, times_the_best("event", "broadcast"),
         why_not="one system call wakes all, but each has an entry in a queue, which coroutines share and each can leave"),
    Goal("Barrier", "a phase, times as fast as the better of std and pthread, the worst", "lockstep::Barrier", 1.0,
         worst_case("barrier", "phase", "std::barrier", "pthread_barrier"), True,
         "each has an entry in a queue, which coroutines share and each can leave, and is told by itself"),
    Goal("Timer", "arm and cancel among 10⁵, times Asio's", TIMER, 0.08,
         times("timer", "arm-cancel", "asio::steady_timer", "pending:100000"),
         why_not="where the goal was set Asio took 760 ns, and takes less here"),
    Goal("", "bytes of one among a million that are pending", TIMER, 64, counter("timer", "pend", "bytes"),
         why_not="a Timer has its callback, and an Event for `join`, inside"),
    Goal("Coroutines", "Lock, a pair, times the floor", LOCKSTEP, 1.5, times("task", "lock")),
    Goal("", "Lock, taken in turn by 64, times the floor", LOCK, 2.2, times("async", "lock-64"),
         why_not="the floor has no queue to get into and out of"),
    Goal("", "Semaphore, a pair, times the floor", LOCKSTEP, 1.5, times("task", "semaphore")),
    Goal("", "Semaphore, taken in turn by 64, times the floor", SEMAPHORE, 3.4, times("async", "semaphore-64"),
         why_not="the floor has no queue to get into and out of"),
    Goal("", "Event, a waiter, times the floor", EVENT, 3.1, times("async", "event-1"),
         why_not="its waiters can leave its queue, and are woken in order; neither is so for the floor"),
    Goal("", "Event, each of 1000, times the floor", EVENT, 1.34, times("async", "event-1000"),
         why_not="its waiters can leave its queue, and are woken in order; neither is so for the floor"),
    Goal("", "ping-pong by semaphores, times the floor", SEMAPHORE, 1.46, times("async", "ping-pong"),
         why_not="the floor has no queue to get into and out of"),
    Goal("", "create, await, destroy a task, times Asio's", LOCKSTEP, 0.98, times("task", "create", "asio::awaitable"),
         why_not="Asio has a cache of frames for each thread, a Task calls operator new"),
    Goal("", "a million sleeping tasks, times Asio's", LOCKSTEP, 0.17, times("task", "sleepers", "asio::awaitable"),
         why_not="where the goal was set Asio took 4,100 ns, and takes less here"),
    Goal("", "the same: bytes each", LOCKSTEP, 200, counter("task", "sleepers", "bytes"),
         why_not="a frame has room for all that can end a wait, so that no wait allocates"),
    Goal("", "allocations for a wait", LOCK, 0.01, counter("async", "lock-64", "allocations")),
    *(Goal("Checker" if program == next(iter(GENMC)) else "", f"{program}, times GenMC's {GENMC[program][0]}",
           "lockstep check", 3 if program in GENMC_AT_ITS_BEST else 10, times_genmc(program), True, REPLAY)
      for program in GENMC),
]


def table(run):
    """Empty if nothing was measured that there is a goal for."""
    rows = []
    subject = ""
    for goal in GOALS:
        subject = goal.subject or subject
        value = goal.measured(run, goal.ours)
        if value is None:
            continue
        other = goal.best_other(run)
        rows.append([f"{subject}: {goal.what}", f"{'≥' if goal.at_least else '≤'} {goal.limit:g}", number(value),
                     f"{number(other[0])} ({other[1]})" if other else "",
                     "met" if goal.is_met(value) else f"missed{': ' * bool(goal.why_not)}{goal.why_not}"])
    return markdown(["", "goal", "Lockstep", "best other", "met?"], *rows) if rows else ""


ABOUT_CHECKER = """Executions of an exploration, those that are blocked, and both per second of processor time. An
exploration ends after 100,000. GenMC's are published figures of version 0.11, from another machine, not from this run.
"""


def checker_table(family):
    """No ratios, as nobody else explores these programs in this run."""
    rows = []
    for program in family.cases:
        counters = family.results[program, family.peers[0]].counters
        theirs = GENMC.get(program)
        rows.append([program, *(f"{counters[name]:,.0f}" for name in ("executions", "blocked", "events", "per_second")),
                     f"{counters['mebibytes']:.1f}", f"{theirs[1]:,} ({theirs[0]})" if theirs else ""])
    return markdown(["", "executions", "blocked", "events", "per second", "MiB", "GenMC's per second"], *rows)
