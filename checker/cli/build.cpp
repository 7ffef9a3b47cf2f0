#include "checker/cli/build.hpp"

#include <stdexcept>
#include <utility>

#include "checker/cli/installation.hpp"
#include "checker/cli/process.hpp"
#include "checker/cli/unseen.hpp"
#include "lockstep_installation.hpp"

namespace lockstep::cli {
namespace {

using Words = std::vector<std::string>;

template <class More>
void append(Words& words, const More& more) {
  words.insert(words.end(), std::begin(more), std::end(more));
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool is_clang(const std::string& compiler) {
  return file_name(compiler).find("clang") != std::string::npos;
}

/// The last occurrence replaced: "g++-12" is "gcc-12" for C.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t found = text.rfind(from);
  return found == std::string::npos ? text : text.replace(found, from.size(), to);
}

/// Whichever of its two names the compiler was given by, the one for the language.
std::string compiler_for(bool is_c, const std::string& named) {
  if (named.empty()) return is_c ? "gcc" : "g++";
  const std::string name = file_name(named);
  const std::string folder = named.substr(0, named.size() - name.size());
  if (is_clang(name)) {
    const std::string c = replaced(name, "clang++", "clang");
    return folder + (is_c ? c : replaced(c, "clang", "clang++"));
  }
  const bool is_gnu = replaced(name, "g++", "gcc").find("gcc") != std::string::npos;  // else "c++"
  const std::string c = is_gnu ? replaced(name, "g++", "gcc") : replaced(name, "c++", "cc");
  if (is_c) return folder + c;
  return folder + (is_gnu ? replaced(c, "gcc", "g++") : replaced(c, "cc", "c++"));
}

void refuse_unseen_atomics(const std::string& object, bool is_of_clang) {
  const std::string unseen = unseen_atomic_in(object, is_of_clang);
  if (unseen.empty()) return;
  throw std::runtime_error(
      "cannot be checked: an atomic instruction that is not instrumented, from inline assembly "
      "or a function kept from it\n  " +
      unseen);
}

/// Of libraries it is not asked: they may have nothing to do with what is checked.
void refuse_uninstrumented(const std::string& object) {
  if (is_instrumented(object)) return;
  throw std::runtime_error(
      "cannot be checked: " + object +
      " was compiled without the checker's instrumentation, so what it does would not be seen: "
      "name its source files instead");
}

/// Of archives only those that are instrumented are searched: others are libraries, which may have nothing to do with what is
/// checked.
void refuse_unseen(const std::string& flag, bool is_of_clang) {
  if (flag.starts_with('-')) return;
  if (flag.ends_with(".o")) refuse_uninstrumented(flag);
  if (flag.ends_with(".o") || (flag.ends_with(".a") && is_instrumented(flag))) {
    refuse_unseen_atomics(flag, is_of_clang);
  }
}

/// Without those for the linker: -lm, or -l m, and what is compiled already.
Words flags_for_compiling(const Words& flags) {
  Words words;
  bool is_next = false;  // part of a flag for the linker
  for (const std::string& flag : flags) {
    const bool is_for_linker = is_next || flag.starts_with("-l") || flag.starts_with("-L") ||
                               flag.starts_with("-Wl,") || is_object(flag);
    is_next = !is_next && (flag == "-l" || flag == "-L");
    if (!is_for_linker) words.push_back(flag);
  }
  return words;
}

Words compiler_words(const std::string& compiler, bool is_c) {
  Words words{compiler, "-c", is_c ? "-std=gnu17" : "-std=gnu++20"};
  const Installation& where = installation();
  append(words, options::compile_options);
  append(words, Words{"-isystem", where.library_headers});
  if (is_clang(compiler)) {
    append(words, options::clang_compile_options);
  } else {
    append(words, options::gnu_compile_options);
    append(words, Words{"-include", where.include_folder + '/' + options::memory_functions});
  }
  words.push_back("-I" + where.include_folder);
  return words;
}

}  // namespace

Build::Build(const Request& request, std::filesystem::path folder)
    : request_(request), folder_(std::move(folder)) {}

bool Build::make() {
  for (const std::string& file : request_.files) {
    objects_.push_back(in_folder(std::to_string(objects_.size()) + ".o"));
    if (!compile(file, objects_.back())) return false;
    refuse_unseen_atomics(objects_.back(), is_clang(request_.settings.compiler));
    if (run({options::objcopy, "--redefine-sym", "main=lockstep_program_main", objects_.back()}) !=
        0) {
      return false;
    }
  }
  for (const std::string& flag : request_.compiler_flags) {
    refuse_unseen(flag, is_clang(request_.settings.compiler));
  }
  const std::string probe = in_folder(is_c(request_.files.front()) ? "probe.c" : "probe.cpp");
  std::filesystem::copy_file(installation().probe_source, probe);
  objects_.push_back(in_folder("probe.o"));
  return compile(probe, objects_.back()) && link();
}

bool Build::compile(const std::string& file, const std::string& object) const {
  Words words = compiler_words(compiler_for(is_c(file), request_.settings.compiler), is_c(file));
  append(words, flags_for_compiling(request_.compiler_flags));
  append(words, Words{file, "-o", object});
  return run(words) == 0;
}

/// By the C++ compiler, because the runtime is C++.
bool Build::link() const {
  Words words{compiler_for(false, request_.settings.compiler), "-o", program()};
  words.push_back(installation().runner);
  append(words, objects_);
  append(words, request_.compiler_flags);
  words.push_back(installation().checker);
  append(words, options::libraries);
  return run(words) == 0;
}

}  // namespace lockstep::cli
