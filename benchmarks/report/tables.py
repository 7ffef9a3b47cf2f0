"""Tables of ratios in Markdown, readable as it is."""
from results import geometric_mean, mean

# Counters that a list shows besides the time, and what it calls them.
COLUMNS = {
    "switches": "sleeps per waiter",
    "bytes": "bytes each",
    "frame_bytes": "bytes of the frame",
    "allocations": "allocations",
}


def number(value):
    return f"{value:.{3 if value < 0.095 else 2 if value < 99.5 else 0}f}"


def in_units(nanoseconds):
    for limit, unit in ((1e3, "ns"), (1e6, "us"), (1e9, "ms")):
        if nanoseconds < limit:
            value = nanoseconds * 1e3 / limit
            return f"{value:.{1 if value < 100 else 0}f} {unit}"
    return f"{nanoseconds / 1e9:.1f} s"


def markdown(head, *rows):
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]

    def line(row):
        first, *others = (cell.ljust(width) if i == 0 else cell.rjust(width)
                          for i, (cell, width) in enumerate(zip(row, widths)))
        return "| " + " | ".join([first, *others]) + " |"

    rule = "|" + "|".join("-" * (width + 1) + ("-" if i == 0 else ":") for i, width in enumerate(widths)) + "|"
    return "\n".join([line(head), rule, *map(line, rows)]) + "\n"


def one_case(family):
    """A line for each peer, the best first."""
    columns = [name for name in COLUMNS if family.has(name)]
    rows = []
    for peer in sorted(family.peers, key=lambda peer: family.results[family.cases[0], peer].time):
        result = family.results[family.cases[0], peer]
        ratio = family.ratio(family.cases[0], peer)
        rows.append([peer, number(ratio), in_units(result.time),
                     *(number(result.counters[name]) if name in result.counters else "" for name in columns)])
    return markdown(["", "ratio", "time", *(COLUMNS[name] for name in columns)], *rows)


def many_cases(family):
    """A line for each case, a column for each peer, and below what they come to."""
    rows = [[case, *(_cell(family, case, peer) for peer in family.peers)] for case in family.cases]

    def summary(title, combine, values):
        rows.append([title, *(number(combine(values(peer))) if values(peer) else "" for peer in family.peers)])

    summary("geometric mean", geometric_mean, family.ratios)
    summary("worst", max if family.less_is_better else min, family.ratios)
    if family.has("fairness"):
        summary("fairness, mean", mean, lambda peer: family.counters("fairness", peer))
        summary("p99.9 acquire, less is better", geometric_mean, lambda peer: family.relative("p99.9_ns", peer))
        summary("CPU per op, less is better", geometric_mean, lambda peer: family.relative("cpu_ns", peer))
    return markdown(["", *family.peers], *rows)


def _cell(family, case, peer):
    result = family.find(case, peer)
    if result is None:
        return ""
    ratio = None if peer == family.base else family.ratio(case, peer)
    text = in_units(result.time) if ratio is None else number(ratio)
    return text + (f" ({result.counters['fairness']:.2f})" if "fairness" in result.counters else "")


def of_family(family):
    base = family.base
    title = f"**{family.name}**: " + (f"times what the {base} takes; less is better" if family.less_is_better
                                      else f"times as fast as {base}; more is better")
    if family.has("fairness"):
        title += " (in brackets fewest/most acquisitions of a thread; 1 is fair)"
    return f"{title}\n\n{one_case(family) if len(family.cases) == 1 else many_cases(family)}"


def of_program(program):
    parts = [f"## {program.name}\n", *(of_family(family) for family in program.families.values())]
    return "\n".join(parts + [f"FAILED {failure}\n" for failure in program.failures])
