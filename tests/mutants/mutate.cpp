// Writes copies of the library's headers that have all mutants in them, and a list of these.
//
//   mutate <primitives> <planted.txt> <where to>
//
// <where to>/lockstep/... are the copies of those headers that have a mutant; whoever has <where to> before
// <primitives> among its include directories is built with them. <where to>/mutants.inc and operations.inc
// are the lists, as rows of C++ for list.cpp.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "operators.hpp"
#include "planted.hpp"
#include "source.hpp"

namespace {

namespace fs = std::filesystem;
using mutants::Mutant;
using mutants::Operation;

std::string read(const fs::path& path) {
  std::ifstream in(path);
  if (!in) throw std::invalid_argument("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Only if that changes something, so that only what depends on it is built again.
void write(const fs::path& path, const std::string& text) {
  if (fs::exists(path) && read(path) == text) return;
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

std::vector<fs::path> headers_below(const fs::path& root) {
  std::vector<fs::path> headers;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".hpp")
      headers.push_back(entry.path().lexically_relative(root));
  }
  std::sort(headers.begin(), headers.end());
  return headers;
}

/// Reports are to name the header, not its copy.
std::string as_copy_of(const fs::path& original, const std::string& text) {
  const std::string pragma = "#pragma once\n";
  const std::size_t end = text.find(pragma) + pragma.size();
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
  return text.substr(0, end) + "#include \"mutant.hpp\"\n#line " + std::to_string(line + 1) +
         " \"" + original.string() + "\"\n" + text.substr(end);
}

std::string quoted(const std::string& text) {
  std::string all = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') all += '\\';
    all += c == '\n' ? ' ' : c;
  }
  return all + '"';
}

std::string row(const Mutant& mutant) {
  return "{" + std::to_string(mutant.number) + ", " + quoted(mutant.kind) + ", " +
         quoted(mutant.file) + ", " + std::to_string(mutant.line) + ", " + quoted(mutant.function) +
         ", " + quoted(mutant.operation) + ", " + quoted(mutant.change) + "},\n";
}

std::string row(const Operation& operation) {
  std::string numbers;
  for (const std::size_t number : operation.mutants) numbers += std::to_string(number) + ", ";
  return "{" + quoted(operation.file) + ", " + std::to_string(operation.line) + ", " +
         quoted(operation.function) + ", " + quoted(operation.operation) + ", " +
         quoted(operation.order) + ", {" + numbers + "}},\n";
}

void refuse_planted_elsewhere(const std::vector<mutants::Planted>& planted,
                              const std::vector<fs::path>& headers) {
  for (const auto& bug : planted) {
    if (std::find(headers.begin(), headers.end(), bug.file) == headers.end()) {
      throw std::invalid_argument("planted.txt: " + bug.name + ": there is no " + bug.file);
    }
  }
}

void mutate(const fs::path& primitives, const fs::path& planted_file, const fs::path& where_to) {
  std::ifstream in(planted_file);
  const std::vector<mutants::Planted> planted = mutants::read_planted(in);
  const fs::path root = fs::absolute(primitives) / "lockstep";
  const std::vector<fs::path> headers = headers_below(root);
  refuse_planted_elsewhere(planted, headers);

  std::vector<Mutant> all;
  std::vector<Operation> operations;
  for (const fs::path& header : headers) {
    const std::size_t before = all.size();
    const std::string file = header.generic_string();
    const mutants::Source source(mutants::with_planted(file, read(root / header), planted, all));
    const std::string text = mutants::with_mutants(file, source, all, operations);
    const fs::path copy = where_to / "lockstep" / header;
    if (all.size() > before) {
      write(copy, as_copy_of(root / header, text));
    } else {
      fs::remove(copy);
    }
  }

  std::string mutants_text;
  std::string operations_text;
  for (const Mutant& mutant : all) mutants_text += row(mutant);
  for (const Operation& operation : operations) operations_text += row(operation);
  write(where_to / "mutants.inc", mutants_text);
  write(where_to / "operations.inc", operations_text);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: mutate <primitives> <planted.txt> <where to>\n";
    return 2;
  }
  try {
    mutate(argv[1], argv[2], argv[3]);
  } catch (const std::exception& error) {
    std::cerr << "mutate: " << error.what() << '\n';
    return 1;
  }
}
