#!/usr/bin/env python3
"""Makes a drawing of Graphviz legible on light and on dark pages, and says what it was drawn from.

    adapt.py <source> < drawing.svg > figure.svg

Colours become variables, of which there are two sets; the background is drawn, so that the page's own does not matter.
"""
import hashlib
import pathlib
import re
import sys

# What Graphviz writes, on light, on dark.
COLOURS = [
    ("white", "#ffffff", "#0d1117"),
    ("#ffffff", "#ffffff", "#161b22"),
    ("black", "#1f2328", "#d1d7e0"),
    ("#dbe9ff", "#dbe9ff", "#16304f"),
    ("#eeeeee", "#eeeeee", "#2b3138"),
    ("#1f6fd0", "#1f6fd0", "#79b8ff"),
    ("#9a6a1c", "#9a6a1c", "#e3b341"),
    ("#1a7f37", "#1a7f37", "#56d364"),
    ("#6e7781", "#6e7781", "#9ea7b3"),
    ("#cf222e", "#cf222e", "#ff7b72"),
    ("#ffebe9", "#ffebe9", "#4b1113"),
    ("#57606a", "#57606a", "#b1bac4"),
    ("#8c959f", "#8c959f", "#8c959f"),
    ("#afb8c1", "#afb8c1", "#57606a"),
    ("#eaeef2", "#eaeef2", "#2b3138"),
    ("#f6f8fa", "#f6f8fa", "#12171e"),
]


def with_variables(drawing, present):
    """Each element with colours gets a style in their place."""
    numbers = {written: number for number, (written, _, _) in enumerate(present)}

    def element(match):
        colours = re.findall(r'(fill|stroke)="([^"]+)"', match[0])
        styles = "".join(f"{what}:var(--c{numbers[colour]});" for what, colour in colours if colour in numbers)
        rest = re.sub(r' (fill|stroke)="([^"]+)"', lambda m: "" if m[2] in numbers else m[0], match[0])
        return re.sub(r"^<(\w+)", rf'<\1 style="{styles}"', rest) if styles else rest

    return re.sub(r"<(?:polygon|polyline|path|ellipse|text)\b[^>]*>", element, drawing)


def main():
    drawing = sys.stdin.read()
    known = {written for written, _, _ in COLOURS}
    for colour in sorted(set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawing)) - known - {"none", "transparent"}):
        sys.exit(f"adapt.py: no colour is known for dark pages in place of {colour}")
    drawing = re.sub(r"<text ((?:(?!fill=)[^>])*)>", r'<text fill="black" \1>', drawing)
    present = [each for each in COLOURS if f'"{each[0]}"' in drawing]
    light = " ".join(f"--c{number}:{on_light};" for number, (_, on_light, _) in enumerate(present))
    dark = " ".join(f"--c{number}:{on_dark};" for number, (_, _, on_dark) in enumerate(present))
    style = f"<style>svg{{{light}}} @media (prefers-color-scheme: dark){{svg{{{dark}}}}}</style>"
    digest = hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest()
    note = f"<!-- drawn from {pathlib.Path(sys.argv[1]).name}, sha256 {digest} -->"
    drawing = re.sub(r"<!--.*?-->\n?", "", drawing, flags=re.DOTALL)
    print(re.sub(r"(<svg[^>]*>)", rf"\1\n{note}\n{style}", with_variables(drawing, present), count=1), end="")


main()
