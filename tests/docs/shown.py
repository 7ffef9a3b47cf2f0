#!/usr/bin/env python3
"""Does what a document shows come when it is run?

    shown.py exactly <file> <program>...   the program ends well, and prints this
    shown.py report <file> <program>...    the program fails, and all these lines are among what it prints, in this order
    shown.py console <file>                each command behind "$ " prints the lines that follow it, in this order
    shown.py sh <file>                     the shell understands these commands, and what they name exists

A line "..." stands for any number of lines. What may be different is not compared: times; the number of blocked runs, which depends on
what was tried first; the tokens of replays; to which of its lines a compiler ascribes the creation of a thread.
"""
import pathlib
import re
import shlex
import subprocess
import sys

NOT_IN_DEBIAN_12 = ("conan", "vcpkg")
PROJECT = pathlib.Path(__file__).resolve().parents[2]


def comparable(line):
    line = re.sub(r"blocked: \d+ (.*)time: .*", r"blocked: \1time:", line.rstrip())
    line = re.sub(r"(create thread \d+)\b.*", r"\1", line)
    return re.sub(r"replay token: .*", "replay token:", line)


def fail(what, shown, printed):
    sys.exit(f"{what}:\n{shown}\n\nPrinted is:\n{printed}")


def run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=280, **options)
    return done.returncode, done.stdout


def exactly(shown, printed):
    pattern = "".join(r"(.*\n)*?" if line == "..." else re.escape(comparable(line)) + "\n" for line in shown.splitlines())
    if not re.fullmatch(pattern, "".join(comparable(line) + "\n" for line in printed.splitlines())):
        fail("this is shown", shown, printed)


def in_order(shown, printed):
    """All lines, others may be in between."""
    rest = iter([comparable(line) for line in printed.splitlines()])
    for line in shown.splitlines():
        if line.strip() == "..." or not line.strip():
            continue
        if comparable(line) not in rest:
            fail("this line is shown, and not printed there", line, printed)


def commands_of(text):
    """Each command with what it is to print."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    if parts[0].strip():
        sys.exit("a console block begins with a command: $ ...")
    for part in parts[1:]:
        command, _, printed = part.partition("\n")
        while command.endswith("\\"):
            continued, _, printed = printed.partition("\n")
            command = command[:-1] + continued
        yield command, printed


def console(text):
    for command, shown in commands_of(text):
        status, printed = run(["bash", "-euo", "pipefail", "-c", command])
        is_failure = shown.startswith(("an execution is wrong", "refused"))
        if (status != 0) != is_failure:
            fail(f"{command} ends with status {status}", shown, printed)
        in_order(shown, printed)


def exists(word):
    """A path below one of the project's folders, which is not made by a build: is it there?"""
    top = word.split("/")[0]
    is_of_project = (PROJECT / top).is_dir() and top != "build" and not word.startswith("/")
    return not is_of_project or bool(list(PROJECT.glob(word))) or (PROJECT / word).exists()


def presets():
    return re.findall(r'"name": "(\w+)"', (PROJECT / "CMakePresets.json").read_text())


def is_target(name):
    """Is it named in a CMakeLists.txt? lock_test comes of `lock` in a list."""
    names = {name, name.removesuffix("_test")}
    lists = [PROJECT.glob(f"{top}/**/CMakeLists.txt") for top in ("primitives", "checker", "tests", "examples", "benchmarks", "docs")]
    return any(names & set(re.findall(r"\w+", file.read_text())) for files in lists for file in files)


def look_at(command):
    words = shlex.split(command, comments=True)
    for word in words:
        if "/" in word and "=" not in word and not word.startswith("-") and not exists(word.removeprefix("./")):
            sys.exit(f"{command}\nnames {word}, which does not exist")
    if words[0] == "./run" and not re.search(rf"^  {words[1]}\)$", (PROJECT / "run").read_text(), re.MULTILINE):
        sys.exit(f"{command}\n./run has no {words[1]}")
    for flag, value in zip(words, words[1:]):
        if flag == "--preset" and value not in presets():
            sys.exit(f"{command}\nthere is no preset {value}")
    if "--target" in words:
        for target in words[words.index("--target") + 1 :]:
            if not is_target(target):
                sys.exit(f"{command}\nthere is no target {target}")
    if words[0] not in ("./run", *NOT_IN_DEBIAN_12) and "/" not in words[0]:
        if subprocess.run(["bash", "-c", f"type {shlex.quote(words[0])}"], stdout=subprocess.DEVNULL).returncode != 0:
            sys.exit(f"{command}\nthere is no command {words[0]}")


def sh(text):
    status, printed = run(["bash", "-n"], input=text)
    if status != 0 or printed:
        fail("the shell does not understand this", text, printed)
    for line in text.replace("\\\n", " ").splitlines():
        line = re.sub(r"(^|\s)#.*", "", line)
        for command in re.split(r"&&|\||;", line):
            if command.strip():
                look_at(command.strip().strip("()"))


def main():
    mode, file, program = sys.argv[1], sys.argv[2], sys.argv[3:]
    text = pathlib.Path(file).read_text() if file else ""
    if mode == "console":
        console(text)
    elif mode == "sh":
        sh(text)
    else:
        status, printed = run(program)
        if (status != 0) != (mode == "report"):
            fail(f"the program ends with status {status}", text, printed)
        exactly(text, printed) if mode == "exactly" else in_order(text, printed)


main()
