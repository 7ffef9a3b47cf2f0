#!/usr/bin/env python3
"""The README's table of what is verified, counted from docs/verification.md.

    verified.py --check    is it the one that the README has?
    verified.py --write    puts it there; ./run verify does that
"""
import collections
import pathlib
import re
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[2]
README = PROJECT / "README.md"
BEGIN, END = "<!-- verified -->\n", "<!-- end -->\n"
NAMES = {
    "Semaphore": "`Semaphore`, `BoundedSemaphore`",
    "Coroutine": "coroutines that wait for these",
    "Async": "tasks, futures, event loops",
    "Asio": "Asio's coroutines",
    "Queue": "queues and stacks made of these",
}


def cells(line):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def rows(text, title):
    """Those of all tables whose first column has this title."""
    inside = False
    for line in text.splitlines():
        if not line.startswith("|"):
            inside = False
        elif cells(line)[0] == title:
            inside = True
        elif inside and not line.startswith("|--"):
            yield cells(line)


def table():
    scenarios, exhausted = collections.defaultdict(set), collections.defaultdict(set)
    executions, refused = collections.Counter(), collections.Counter()
    text = (PROJECT / "docs/verification.md").read_text()
    for primitive, scenario, explored, _, count, _, _, verdict in rows(text, "primitive"):
        if not verdict.startswith("nothing wrong"):
            sys.exit(f"docs/verification.md says of {primitive}.{scenario}: {verdict}")
        scenarios[primitive].add(scenario)
        executions[primitive] += int(count)
        if explored != "at random":
            exhausted[primitive].add(scenario)
    mutants = [row for row in rows(text, "operation") if row[1]]  # others: nothing to weaken
    for _, _, _, scenario, _ in mutants:
        refused[scenario.partition(".")[0]] += 1

    def line(name, group):
        return (f"| {name} | {sum(len(scenarios[each]) for each in group)} | {sum(len(exhausted[each]) for each in group)} "
                f"| {sum(executions[each] for each in group) / 1e6:.1f} million | {sum(refused[each] for each in group)} |\n")

    result = "| | scenarios | of them every execution | executions | mutants refused |\n|---|--:|--:|--:|--:|\n"
    for primitive in scenarios:
        result += line(NAMES.get(primitive, f"`{primitive}`"), [primitive])
    result += line("all", list(scenarios))
    others = len(mutants) - sum(refused[each] for each in scenarios)
    return result + f"\nThat is {len(mutants) - others} of {len(mutants)} mutants; of the other {others} it says why nothing can notice them.\n"


def main():
    readme = README.read_text()
    before, _, rest = readme.partition(BEGIN)
    present, _, after = rest.partition(END)
    if sys.argv[1] == "--write":
        README.write_text(before + BEGIN + table() + END + after)
    elif present != table():
        sys.exit("README.md has another table than docs/verification.md gives; tests/docs/verified.py --write mends it.\n" + table())


main()
