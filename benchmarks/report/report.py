#!/usr/bin/python3
"""Makes the report of one run of the benchmarks.

    report.py RESULTS OUTPUT.md [NAME...]

RESULTS is the folder with NAME.json of each benchmark, and headers.json and sizes.json if these were measured too.
Plots go to a folder beside OUTPUT.md that is named like it, those for which all was measured that they show. The
interpreter is Debian's, because matplotlib is: another python3 may come first in PATH.

Exit status 1: a benchmark failed, as the report says.
"""
import os
import pathlib
import platform
import subprocess
import sys
from datetime import date

import costs
import goals
import tables
from results import Run


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.partition("\n")[0]


COMMIT = first_line("git", "describe", "--always", "--dirty", "--exclude", "*")  # before anything is written


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = (line.split(":")[1].strip() for line in file if line.startswith("model name"))
        model = next(models, platform.machine())
    compiler = first_line("g++", "--version")
    return (f"Written by `./run bench` on {date.today()} at commit {COMMIT}, on "
            f"{len(os.sched_getaffinity(0))} processors of\n{model}, Linux {platform.release()}, {compiler}, {' '.join(platform.libc_ver())}.")


def introduction():
    return f"""# Benchmarks

{machine()}
All numbers are from that one run, and ratios within it, unless something else is said of them. How they are measured
and how to read them: [benchmarks/README.md](../benchmarks/README.md).
"""


def report(run, pictures):
    parts = [introduction()]
    aims = goals.table(run)
    if aims:
        parts.append(f"""## Goals

What issue 7 of this project asks for. A goal that was set in nanoseconds is the ratio that it was, on the machine where
it was set, to the floor or the peer that was measured there.

{aims}""")
    if pictures:
        parts.append("## Pictures\n")
        parts += [f"![{title}]({path})\n" for title, path in pictures]
    for program in run.programs.values():
        if program.name == "checker":
            parts.append(f"## checker\n\n{goals.checker_table(program.families['explore'])}\n{goals.ABOUT_CHECKER}")
            parts += [f"FAILED {failure}\n" for failure in program.failures]
        else:
            parts.append(tables.of_program(program))
    parts += costs.sections(run)
    return "\n".join(parts)


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    folder, output = pathlib.Path(arguments[0]), pathlib.Path(arguments[1])
    run = Run(folder, arguments[2:])
    try:
        import plots  # not before it is needed: it takes a second
        pictures = plots.draw(run, output.with_suffix(""))
    except ImportError as error:
        print(f"report: no pictures: {error} (Debian package python3-matplotlib)", file=sys.stderr)
        pictures = []
    output.write_text(report(run, pictures), encoding="utf-8")
    return 1 if any(program.failures for program in run.programs.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
