"""A few plots of one run, as SVG and PNG. A library has the same colour in each of them, and Lockstep stands out."""
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as pyplot  # noqa: E402
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator  # noqa: E402

from goals import GENMC  # noqa: E402
from results import geometric_mean, is_ours, mean  # noqa: E402

OURS = "#c2185b"
# Prefixes of peers' names, the first that fits.
COLOURS = {
    "lockstep over": "#e58fb1",
    "lockstep::Bounded": "#e58fb1",
    "lockstep": OURS,
    "floor": "#222222",
    "thread": "#222222",
    "std::binary": "#8c8c8c",
    "std::": "#5a6b7b",
    "absl Await": "#f0c070",
    "absl": "#d98200",
    "nsync": "#00876c",
    "tbb": "#3d8fd1",
    "pthread": "#8e5bb5",
    "sem_t": "#8e5bb5",
    "boost": "#7a5c2e",
    "asio": "#2a9d9d",
}
OTHERS = "#a0a0a0"

pyplot.rcParams.update({
    "font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": "#999999",
    "axes.titlesize": 10, "axes.titleweight": "bold", "axes.titlelocation": "left", "xtick.color": "#444444",
    "ytick.color": "#222222", "svg.hashsalt": "lockstep", "figure.facecolor": "white",
})


def colour(peer):
    return next((shade for prefix, shade in COLOURS.items() if peer.startswith(prefix)), OTHERS)


def weight(peer):
    return "bold" if is_ours(peer) else "normal"


def short(value):
    return f"{value:.2f}" if value < 9.95 else f"{value:.0f}"


def spaced(time):
    return time.replace("ns", " ns")


def in_logarithms(axis, ticks):
    """A logarithmic axis with these ticks, and no others."""
    getattr(axis.axes, f"set_{axis.axis_name}scale")("log")
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def bars(axes, rows, title, limit=None):
    """Rows are (name, value), the first on top. What is longer than the limit is cut, and says so."""
    names, values = zip(*rows)
    places = range(len(rows))
    limit = limit or max(values) * 1.15
    axes.barh(places, [min(value, limit) for value in values], color=[colour(name) for name in names], height=0.7)
    for place, name, value in zip(places, names, values):
        cut = value > limit
        axes.annotate(short(value) + (" →" if cut else ""), (min(value, limit), place), xytext=(4, 0),
                      textcoords="offset points", va="center", fontweight=weight(name), zorder=4,
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4})
    axes.set_yticks(places, names)
    for label, name in zip(axes.get_yticklabels(), names):
        label.set_fontweight(weight(name))
    axes.invert_yaxis()
    axes.set_xlim(0, limit * 1.12)
    axes.set_title(title)
    axes.tick_params(left=False)


def ratios_of(family, case=""):
    """(peer, time in times of the floor's), the best first, without the floor."""
    rows = [(peer, family.find(case, peer).time / family.find(case, family.base).time)
            for peer in family.peers if family.find(case, peer) and peer != "floor"]
    return sorted(rows, key=lambda row: row[1])


def uncontended(run):
    panels = [("Lock: acquire and release", run.family("lock", "uncontended")),
              ("RLock: acquire and release", run.family("rlock", "uncontended")),
              ("RLock, owned already", run.family("rlock", "nested")),
              ("Semaphore: acquire and release", run.family("semaphore", "uncontended")),
              ("Event: wait for a set one", run.family("event", "wait-set")),
              ("Event: set and clear", run.family("event", "set-clear")),
              ("Condition: notify nobody, times std's", run.family("condition", "notify"))]
    rows = [ratios_of(family) if family.less_is_better
            else sorted((peer, family.find("", peer).time / family.find("", family.base).time) for peer in family.peers)
            for _, family in panels]
    rows[-1].sort(key=lambda row: row[1])
    figure, grid = pyplot.subplots(4, 2, figsize=(10, 11), layout="constrained",
                                   height_ratios=[8, 7, 7, 5])
    places = [grid[0, 0], grid[2, 0], grid[2, 1], grid[0, 1], grid[1, 0], grid[3, 0], grid[1, 1]]
    grid[3, 1].axis("off")
    for axes, (title, family), row in zip(places, panels, rows):
        bars(axes, row, title, limit=4 if max(value for _, value in row) > 4 else None)
        axes.axvline(1, color="#222222", linewidth=0.8, linestyle=(0, (4, 3)), zorder=3)
    figure.suptitle("Uncontended: time in times of the floor (dashed), the atomic instructions that nobody can do"
                    " without; less is better", x=0.01, ha="left")
    return figure


def contended(run):
    family = run.family("lock", "contended")
    cases = [dict(part.split(":") for part in case.split("/")) for case in family.cases]
    threads, sections, outsides = (list(dict.fromkeys(case[key] for case in cases))
                                   for key in ("threads", "section", "outside"))
    peers = [peer for peer in family.peers if peer not in (family.base, "ticket")]
    figure, grid = pyplot.subplots(len(sections), len(threads), figsize=(11, 7.5), sharex=True, sharey=True,
                                   layout="constrained", squeeze=False)
    for row, section in zip(grid, sections):
        for axes, number in zip(row, threads):
            axes.axhline(1, color=colour(family.base), linewidth=1.2)
            for peer in sorted(peers, key=is_ours):
                values = [family.ratio(f"threads:{number}/section:{section}/outside:{outside}", peer)
                          for outside in outsides]
                axes.plot(range(len(outsides)), [value or float("nan") for value in values], color=colour(peer),
                          linewidth=2.6 if is_ours(peer) else 1.1, marker="o", markersize=5 if is_ours(peer) else 3)
            axes.set_title(f"{number} threads, {spaced(section)} inside")
            axes.set_xticks(range(len(outsides)), map(spaced, outsides))
            in_logarithms(axes.yaxis, [0.25, 0.5, 1, 2, 4])
            axes.grid(axis="y", color="#eeeeee")
    for axes in grid[-1]:
        axes.set_xlabel("outside")
    lines = [pyplot.Line2D([], [], color=colour(peer), linewidth=2.6 if is_ours(peer) else 1.4) for peer in
             [family.base, *peers]]
    key(figure, lines, [family.base, *peers])
    figure.suptitle(f"Contended lock: throughput in times of {family.base}'s; more is better", x=0.01, ha="left")
    return figure


def trade_off(run):
    family = run.family("lock", "contended")
    panels = [
        ("fairness: fewest/most; more is better",
         lambda peer: mean(family.counters("fairness", peer)), 0.5, None),
        ("p99.9 of acquiring, times std's; less is better",
         lambda peer: geometric_mean(family.relative("p99.9_ns", peer)), 0.1, [0.03, 0.1, 0.3, 1, 3, 10, 30]),
        ("CPU per acquisition, times std's; less is better",
         lambda peer: geometric_mean(family.relative("cpu_ns", peer)), 0.75, [0.3, 0.4, 0.5, 0.6, 0.8, 1, 2, 4, 8, 16]),
    ]
    peers = [peer for peer in family.peers if peer != "ticket"]
    figure, grid = pyplot.subplots(1, 3, figsize=(12, 4.6), layout="constrained")
    for axes, (title, value_of, goal, ticks) in zip(grid, panels):
        points = [(geometric_mean(family.ratios(peer)), value_of(peer), peer) for peer in peers]
        axes.axhline(goal, color="#bbbbbb", linewidth=0.9, linestyle=(0, (4, 3)))
        axes.axvline(1.3, color="#bbbbbb", linewidth=0.9, linestyle=(0, (4, 3)))
        axes.scatter([x for x, _, _ in points], [y for _, y, _ in points], c=[colour(peer) for *_, peer in points],
                     s=[70 if is_ours(peer) else 32 for *_, peer in points], zorder=3)
        if ticks:
            in_logarithms(axes.yaxis, ticks)
        in_logarithms(axes.xaxis, [0.1, 0.2, 0.5, 1, 1.3, 2])
        low, high = min(x for x, _, _ in points), max(x for x, _, _ in points)
        axes.set_xlim(low * 0.75, max(high, 1.3) * 1.5)
        label_points(axes, points)
        axes.set_title(title, fontsize=9)
        axes.set_xlabel("throughput, times std::mutex's")
    figure.suptitle("Contended lock, over all cases. Dashed: the goals. Not shown: the ticket lock, far to the left",
                    x=0.01, ha="left")
    return figure


def label_points(axes, points):
    """Names beside the points, in the order of their heights, and as far apart as letters are high."""
    axes.figure.canvas.draw()
    to_pixels = axes.transData
    least = 16 * axes.figure.dpi / 100
    previous = None
    for x, y, peer in sorted(points, key=lambda point: point[1]):
        up = to_pixels.transform((x, y))[1]
        placed = up if previous is None else max(up, previous + least)
        previous = placed
        axes.annotate(peer, (x, y), xytext=(9, (placed - up) * 72 / axes.figure.dpi),
                      textcoords="offset points", ha="left", va="center", fontsize=8,
                      color=colour(peer), fontweight=weight(peer),
                      arrowprops={"arrowstyle": "-", "color": "#cccccc", "linewidth": 0.6, "shrinkA": 0, "shrinkB": 2})


def dots(axes, rows, title, ticks):
    """Rows are (name, [(peer, value)]); a logarithmic axis of values."""
    for place, (_, points) in enumerate(rows):
        axes.axhline(place, color="#eeeeee", linewidth=0.9, zorder=0)
        for peer, value in points:
            size, order = (75, 3) if is_ours(peer) else (36, 4)
            axes.scatter(value, place, color=colour(peer), s=size, zorder=order)
    axes.axvline(1, color="#999999", linewidth=0.9, linestyle=(0, (4, 3)))
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.invert_yaxis()
    in_logarithms(axes.xaxis, ticks)
    axes.tick_params(left=False)
    axes.set_title(title)


def mark(peer):
    return pyplot.Line2D([], [], color=colour(peer), marker="o", linestyle="", markersize=8 if is_ours(peer) else 6)


def key(figure, marks, names):
    """What is what, below the plot."""
    figure.legend(marks, names, loc="lower center", ncols=min(len(names), 7), frameon=False)
    figure.get_layout_engine().set(rect=(0, 0.3 / figure.get_figheight(), 1, 1 - 0.3 / figure.get_figheight()))


def queues(run):
    family = run.family("condition", "queue")
    peers = [peer for peer in family.peers if peer != family.base]
    rows = [(case.replace("/slots:", ", ") + (" slot" if case.endswith(":1") else " slots"),
             [(peer, family.ratio(case, peer)) for peer in peers if family.find(case, peer)]) for case in family.cases]
    figure, axes = pyplot.subplots(figsize=(9, 4.4), layout="constrained")
    dots(axes, rows, f"Bounded queue: items a second in times of {family.base}'s (dashed); more is better",
         [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32])
    key(figure, [mark(peer) for peer in peers], peers)
    return figure


def many_threads(run):
    figure, grid = pyplot.subplots(1, 3, figsize=(13, 3.8), layout="constrained", width_ratios=[1, 1, 1.1])
    for axes, family, title in ((grid[0], run.family("event", "broadcast"), "Event: broadcast to 64"),
                                (grid[1], run.family("condition", "notify-all"), "Condition: notify 64")):
        rows = sorted(((peer, family.find("", peer).time / 1e3) for peer in family.peers), key=lambda row: row[1])
        best = rows[0][1]
        bars(axes, [(peer, time / best) for peer, time in rows], f"{title}, times the best's")
    family = run.family("barrier", "phase")
    peers = [peer for peer in family.peers if peer != family.base]
    dots(grid[2], [(case.removeprefix("threads:") + " threads",
                    [(peer, family.ratio(case, peer)) for peer in peers if family.find(case, peer)])
                   for case in family.cases],
         "Barrier: phases a second, times std's", [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100])
    marks = [mark(peer) for peer in peers]
    grid[2].legend(marks, peers, loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3, frameon=False)
    return figure


def coroutines(run):
    families = [("Lock, uncontended", "task", "lock"), ("Lock, 64 take turns", "async", "lock-64"),
                ("Semaphore, uncontended", "task", "semaphore"), ("Semaphore, 64 take turns", "async", "semaphore-64"),
                ("ping-pong", "async", "ping-pong"), ("Event, a waiter", "async", "event-1"),
                ("Event, each of 1000", "async", "event-1000"), ("create, await, destroy a task", "task", "create")]
    rows = [(title, ratios_of(run.family(program, family))) for title, program, family in families]
    figure, axes = pyplot.subplots(figsize=(9, 4.4), layout="constrained")
    rows = [(title, [(_library(peer), value) for peer, value in points if not peer.endswith("thread")])
            for title, points in rows]
    dots(axes, rows, "Coroutines: time in times of the floor (dashed); less is better", [1, 2, 5, 10, 20, 50])
    peers = list(dict.fromkeys(peer for _, points in rows for peer, _ in points))
    key(figure, [mark(peer) for peer in peers], peers)
    return figure


def _library(peer):
    return peer if peer.startswith("boost") else peer.split("::")[0].replace("asio", "asio (channel, awaitable)")


def checker(run):
    family = run.family("checker", "explore")
    programs = [program for program in family.cases if program in GENMC]
    figure, axes = pyplot.subplots(figsize=(9, 4), layout="constrained")
    for place, program in enumerate(programs):
        ours = family.results[program, family.peers[0]].counters["per_second"]
        name, theirs = GENMC[program]
        axes.plot([theirs, ours], [place, place], color="#dddddd", zorder=0)
        axes.scatter(ours, place, color=OURS, s=75, zorder=3)
        axes.scatter(theirs, place, facecolors="white", edgecolors="#5a6b7b", s=50, zorder=3)
        ratio = f"{ours / theirs:.{0 if ours > 10 * theirs else 1}f}×"
        axes.annotate(ratio, (max(ours, theirs), place), xytext=(9, 0), textcoords="offset points",
                      va="center", color=OURS, fontweight="bold")
    axes.set_yticks(range(len(programs)), programs)
    axes.invert_yaxis()
    in_logarithms(axes.xaxis, [100, 1_000, 10_000, 100_000, 1_000_000])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlim(100, 2_000_000)
    axes.tick_params(left=False)
    axes.set_title("The checker: executions a second; more is better")
    marks = [pyplot.Line2D([], [], color=OURS, marker="o", linestyle="", markersize=8),
             pyplot.Line2D([], [], markerfacecolor="white", color="#5a6b7b", marker="o", linestyle="", markersize=7)]
    key(figure, marks, ["lockstep check, this run", "GenMC 0.11, as published: another machine, not this run"])
    return figure


# File, what it shows, what it takes, what draws it.
PICTURES = [
    ("uncontended", "Uncontended, all primitives", ("lock", "rlock", "semaphore", "event", "condition"), uncontended),
    ("contended", "Contended lock: throughput", ("lock",), contended),
    ("trade-off", "Contended lock: throughput against fairness, latency and processor time", ("lock",), trade_off),
    ("queues", "Bounded queues", ("condition",), queues),
    ("many-threads", "Broadcast and barrier", ("event", "condition", "barrier"), many_threads),
    ("coroutines", "Coroutines", ("async", "task"), coroutines),
    ("checker", "The checker beside GenMC", ("checker",), checker),
]


def draw(run, folder):
    """(title, path from the report) of each picture for which all was measured."""
    drawn = []
    for name, title, programs, picture in PICTURES:
        if not all(program in run.programs for program in programs):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        figure = picture(run)
        for kind in ("svg", "png"):
            figure.savefig(folder / f"{name}.{kind}", dpi=110, metadata={"Date": None} if kind == "svg" else None)
        pyplot.close(figure)
        drawn.append((title, f"{folder.name}/{name}.svg"))
    return drawn
