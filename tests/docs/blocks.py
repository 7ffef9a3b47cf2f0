#!/usr/bin/env python3
"""Takes the blocks of code out of the documents, for CMakeLists.txt to make tests of.

    blocks.py <folder> <document.md>...

Writes each block into <folder>/<document>/, and <folder>/blocks.cmake, which calls a function for each test:

    ```cpp program.cpp     with a main(): compiled and run. A ```text behind it is what it prints, to the line
    ```cpp some_test.cpp   with TEST(...): run under the checker. A ```text behind it is the report with which it fails
    ```cpp statements      compiled as the body of a function, or of a coroutine if it awaits
    ```cpp                 anything else: compiled, at the level of a file
    ```c program.c         written down, for the commands
    ```cmake               a CMakeLists.txt, which is configured and built; or a part of one, which CMake has to understand
    ```console             commands behind "$ ", which are run in <folder>/<document>/, and what they print
    ```sh                  commands that are too long to run: the shell has to understand them, and what they name must exist

What statements may use stands in a comment `<!-- context ... -->` further up. In a table with a column "Lockstep" each piece
of code in it (`lock.acquire()`, a type, a header) is compiled, too.
"""
import pathlib
import re
import sys

PROLOGUE = """#include <lockstep/async.hpp>
#include <lockstep/async/generator.hpp>
#include <lockstep/lockstep.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <iostream>
#include <mutex>
#include <optional>
#include <queue>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
"""


class Block:
    def __init__(self, language, name, text, line):
        self.language, self.name, self.text, self.line = language, name, text, line


def blocks_of(document):
    """The blocks of code in order, and comments that give a context as blocks of that language."""
    found, block, closing = [], None, None
    for number, line in enumerate(document.read_text().splitlines(), 1):
        if block is not None:
            if line.strip() == closing:
                found.append(block)
                block = None
            else:
                block.text += line + "\n"
        elif match := re.fullmatch(r"```(\w+) ?(\S*)", line):
            block, closing = Block(match[1], match[2], "", number), "```"
        elif line == "<!-- context":
            block, closing = Block("context", "", "", number), "-->"
    if block is not None:
        sys.exit(f"{document}:{block.line}: a block that does not end")
    return found


def pieces_of_tables(document):
    """Each piece of code in a column that is headed Lockstep, with its line."""
    column = None
    for number, line in enumerate(document.read_text().splitlines(), 1):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] if line.startswith("|") else []
        if not cells:
            column = None
        elif "Lockstep" in cells:
            column = cells.index("Lockstep")
        elif column is not None and column < len(cells):
            for piece in re.findall(r"`([^`]+)`", cells[column]):
                yield number, piece.replace("\\|", "|")


def is_awaiting(code):
    return re.search(r"\bco_(await|return|yield)\b", code) is not None


def function(name, code):
    """A function with these statements, in a coroutine if need be."""
    if not is_awaiting(code):
        return f"[[maybe_unused]] void {name}() {{\n{code}}}\n"
    end = "" if "co_return" in code else "co_return;\n"
    if "co_yield" in code:
        return f"[[maybe_unused]] lockstep::Generator<int> {name}() {{\n{code}}}\n"
    return f"[[maybe_unused]] lockstep::Task<> {name}() {{\n{code}{end}}}\n"


def compiled_piece(number, count, piece):
    """A piece of a table, as a declaration at the level of a file; None for a header, which goes to the top."""
    name = f"line_{number}_{count}"
    if piece.endswith((";", "}")):
        return function(name, piece + "\n")
    if "(" in piece or piece.startswith("co_await"):
        return function(name, f"static_cast<void>({piece});\n")
    if piece.startswith("<"):
        return None
    return f"[[maybe_unused]] void {name}() {{\nusing It [[maybe_unused]] = {piece};\n}}\n"


class Document:
    """Writes the files of one document, and the lines of CMake for it."""

    def __init__(self, path, folder):
        self.path = path
        self.name = re.sub(r"\W", "_", path.stem)
        self.folder = folder / self.name
        self.context, self.lines = "", []
        self.folder.mkdir(parents=True, exist_ok=True)

    def write(self, name, text):
        file = self.folder / name
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
        return file

    def test(self, function_name, block, *arguments):
        quoted = " ".join(f'"{argument}"' for argument in arguments)
        self.lines.append(f'{function_name}({self.name} {block.line} {quoted})')

    def take(self, block, following):
        expected = following if following is not None and following.language == "text" else None
        handler = getattr(self, "take_" + block.language, None)
        if handler is None:
            if block.language not in ("text", "json"):
                sys.exit(f"{self.path}:{block.line}: nobody knows how to test a block of {block.language}")
            return
        handler(block, expected)

    def take_context(self, block, _):
        self.context += block.text

    def take_cpp(self, block, expected):
        shown = self.write(f"line_{block.line}.txt", expected.text) if expected else ""
        source = block.name if block.name.endswith(".cpp") else f"line_{block.line}.cpp"
        if "<relacy/" in block.text:
            self.test("docs_relacy", block, self.write(source, block.text))
        elif "int main(" in block.text:
            self.test("docs_program", block, self.write(source, block.text), shown)
        elif "TEST(" in block.text:
            self.test("docs_checked", block, self.write(source, block.text), shown)
        else:
            code = block.text
            if block.name == "statements":
                code = self.context + function("statements", code)
            elif "#include" not in code:
                code = self.context + code
            includes = "" if "#include" in code and not self.context else PROLOGUE
            self.test("docs_compiled", block, self.write(source, includes + code))

    def take_c(self, block, _):
        self.write(block.name, block.text)

    def take_cmake(self, block, _):
        if "cmake_minimum_required" not in block.text:
            part = f"function(it)\n{block.text}endfunction()\n"
            return self.test("docs_cmake_parsed", block, self.write(f"line_{block.line}.cmake", part))
        (self.folder / f"line_{block.line}").mkdir(exist_ok=True)
        self.test("docs_configured", block, self.write(f"line_{block.line}/CMakeLists.txt", block.text).parent)

    def take_console(self, block, _):
        self.test("docs_commands", block, self.write(f"line_{block.line}.console", block.text))

    def take_sh(self, block, _):
        self.test("docs_parsed", block, self.write(f"line_{block.line}.sh", block.text))

    def take_tables(self):
        includes, code = "", ""
        for count, (number, piece) in enumerate(pieces_of_tables(self.path)):
            declaration = compiled_piece(number, count, piece)
            if declaration is None:
                includes += f"#include {piece}\n"
            else:
                code += f"#line {number} \"{self.path}\"\n" + declaration
        if code:
            block = Block("table", "", "", 0)
            self.test("docs_compiled", block, self.write("tables.cpp", PROLOGUE + includes + self.context + code))


def main():
    folder = pathlib.Path(sys.argv[1])
    lines = []
    for path in map(pathlib.Path, sys.argv[2:]):
        document = Document(path, folder)
        found = blocks_of(path)
        for block, following in zip(found, found[1:] + [None]):
            document.take(block, following)
        document.take_tables()
        lines += document.lines
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "blocks.cmake").write_text("\n".join(lines) + "\n")


main()
