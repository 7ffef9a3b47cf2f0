"""What Google Benchmark wrote as JSON, put in order.

A result is called family[/case]/peer. Times are in nanoseconds, and medians over the repetitions.
"""
import json
import math
import pathlib

# Where a family has one of these it is what a ratio compares with, and less is better.
FLOORS = ("floor", "thread")


def is_ours(peer):
    return peer.startswith("lockstep")


class Result:
    def __init__(self, time, counters):
        self.time = time
        self.counters = counters


class Family:
    """The results of the same thing done by several peers, in one or several cases."""

    def __init__(self, name):
        self.name = name
        self.cases = []  # in the order in which they were registered, as are the peers
        self.peers = []
        self.results = {}

    def add(self, case, peer, result):
        if case not in self.cases:
            self.cases.append(case)
        if peer not in self.peers:
            self.peers.append(peer)
        self.results[case, peer] = result

    def find(self, case, peer):
        return self.results.get((case, peer))

    @property
    def base(self):
        """The peer whose time the others are compared with."""
        for peer in FLOORS:
            if peer in self.peers:
                return peer
        others = [peer for peer in self.peers if not is_ours(peer)]
        return next((peer for peer in others if peer.startswith("std::")), (others or self.peers)[0])

    @property
    def less_is_better(self):
        return self.base in FLOORS

    def ratio(self, case, peer, base=None):
        """In times of what the base takes if less is better; else how many times as fast as it. None: unknown."""
        result, other = self.find(case, peer), self.find(case, base or self.base)
        if result is None or other is None:
            return None
        return result.time / other.time if self.less_is_better else other.time / result.time

    def ratios(self, peer, base=None):
        known = (self.ratio(case, peer, base) for case in self.cases)
        return [ratio for ratio in known if ratio is not None]

    def counters(self, name, peer):
        return [self.results[case, peer].counters[name] for case in self.cases
                if (case, peer) in self.results and name in self.results[case, peer].counters]

    def relative(self, name, peer):
        """A counter of the peer in times of the base's, for each case."""
        return [mine / base for mine, base in zip(self.counters(name, peer), self.counters(name, self.base)) if base]

    def has(self, counter):
        return any(counter in result.counters for result in self.results.values())


def mean(values):
    return sum(values) / len(values)


def geometric_mean(values):
    return math.exp(mean([math.log(value) for value in values]))


class Program:
    """The families that one benchmark measured, by name."""

    def __init__(self, path):
        self.name = pathlib.Path(path).stem
        self.families = {}
        self.failures = []
        with open(path, encoding="utf-8") as file:
            written = json.load(file)
        for entry in sorted(written["benchmarks"], key=lambda entry: entry["family_index"]):  # they ran in random order
            self._add(entry)

    def _add(self, entry):
        name, by_wall = _without_settings(entry["run_name"])
        if entry.get("error_occurred"):
            failure = f"{name}: {entry.get('error_message', 'failed')}"
            if failure not in self.failures:
                self.failures.append(failure)
            return
        if entry.get("aggregate_name", "median") != "median":
            return
        family, *case, peer = name.split("/")
        result = Result(entry["real_time" if by_wall else "cpu_time"], entry)
        self.families.setdefault(family, Family(family)).add("/".join(case), peer, result)


def _without_settings(name):
    """Takes off what Google Benchmark appends: "/iterations:1", "/manual_time", ... Does a clock on the wall count?"""
    by_wall = False
    while name.rsplit("/", 1)[1].endswith("_time") or name.rsplit("/", 1)[1].startswith(("iterations:", "repeats:")):
        name, setting = name.rsplit("/", 1)
        by_wall = by_wall or setting.endswith("_time")
    return name, by_wall


def _read(path, if_absent):
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else if_absent


class Run:
    """All that was measured in one run."""

    def __init__(self, folder, names):
        folder = pathlib.Path(folder)
        self.programs = {name: Program(folder / f"{name}.json") for name in names}
        self.sizes = _read(folder / "sizes.json", {})  # bytes, of each object
        self.headers = _read(folder / "headers.json", [])  # what each costs: headers.py

    def family(self, program, family):
        """None if it was not measured."""
        return self.programs[program].families.get(family) if program in self.programs else None
