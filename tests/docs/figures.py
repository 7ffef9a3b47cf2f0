#!/usr/bin/env python3
"""Was each figure drawn from its source as that is now? The target `figures` draws them anew."""
import hashlib
import pathlib
import re
import sys

FIGURES = pathlib.Path(__file__).resolve().parents[2] / "docs/figures"


def main():
    wrong, drawn = [], set()
    for figure in sorted(FIGURES.glob("*.svg")):
        note = re.search(r"<!-- drawn from (\S+), sha256 (\w+) -->", figure.read_text())
        source = FIGURES / note[1]
        drawn.add(source.name)
        if hashlib.sha256(source.read_bytes()).hexdigest() != note[2]:
            wrong.append(f"{figure.name} was drawn from another {source.name}")
    for source in [*FIGURES.glob("*.c"), *FIGURES.glob("*.dot")]:
        if source.name not in drawn:
            wrong.append(f"{source.name} has no figure")
    sys.exit("\n".join(wrong) or 0)


main()
