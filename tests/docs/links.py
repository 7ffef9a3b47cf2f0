#!/usr/bin/env python3
"""Does each link in the documents lead to a file, and to a heading, that exists?"""
import pathlib
import re
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[2]


def documents():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"], cwd=PROJECT, text=True,
                            capture_output=True)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split() if name != "tests/verify/introduction.md"]  # a part of another
        return [PROJECT / name for name in names if (PROJECT / name).exists()]
    return [file for file in PROJECT.glob("**/*.md") if "build" not in file.parts]


def without_code(text):
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(document):
    """As GitHub names its headings."""
    headings = re.findall(r"^#+ (.*)$", without_code(document.read_text()), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def wrong_link(document, target):
    if re.match(r"\w+:", target):
        return None
    name, _, anchor = target.partition("#")
    file = (document.parent / name).resolve() if name else document
    if not file.exists():
        return "there is no such file"
    if anchor and anchor not in anchors(file):
        return f"it has no heading #{anchor}"
    return None


def main():
    wrong = []
    for document in documents():
        for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", without_code(document.read_text()))):
            if why := wrong_link(document, target):
                wrong.append(f"{document.relative_to(PROJECT)}: {target}: {why}")
    sys.exit("\n".join(wrong) or 0)


main()
