#!/usr/bin/env python3
"""Does each link in the documents lead to a file, and to a heading, that exists?"""
import pathlib
import re
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[2]


def names_of_documents():
    """From the project's folder. Git knows what is no part of the project; without it, what is in build/ is none."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"]
    try:
        listed = subprocess.run(command, cwd=PROJECT, text=True, capture_output=True)
        if listed.returncode == 0 and listed.stdout:
            return listed.stdout.rstrip("\0").split("\0")
    except FileNotFoundError:
        pass
    files = (file.relative_to(PROJECT) for folder in PROJECT.iterdir() if folder.name != "build"
             for file in ([folder] if folder.suffix == ".md" else folder.glob("**/*.md")))
    return [str(file) for file in files]


def documents():
    names = [name for name in names_of_documents() if name != "tests/verify/introduction.md"]  # a part of another
    return [PROJECT / name for name in names if (PROJECT / name).exists()]


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
