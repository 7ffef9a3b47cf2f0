// tests/report/symbols_test.cpp: addresses of this very program are found in its source.
#include "checker/report/symbols.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "checker/report/finding.hpp"
#include "checker/report/spots.hpp"
#include "checker/report/subprocess.hpp"

namespace lockstep::check {

int global_of_the_test[4];

struct Base {
  int inherited = 0;
};
struct Queue : Base {
  struct Slot {
    int turn = 0, value = 0;
  };
  Slot slots[2];
  std::atomic<int> count{0};
};
Queue queue_of_the_test;
std::atomic<int> atomic_of_the_test;
std::array<int, 3> array_of_the_test;

namespace {

/// Keeps a call what it is: not moved to another function, nor its caller's frame given up for it.
inline void pin() { asm volatile(""); }

[[gnu::noinline]] std::uintptr_t return_address() {
  pin();
  return reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
}

struct Call {
  std::uintptr_t address;
  int line;
};

[[gnu::noinline]] Call known_function() {
  const Call call{return_address(), __LINE__};
  pin();
  return call;
}

[[gnu::always_inline]] inline Call inlined_function() {
  const Call call{return_address(), __LINE__};
  pin();
  return call;
}

int line_of_the_inlining = 0;

[[gnu::noinline]] Call around_an_inlined_function() {
  line_of_the_inlining = __LINE__ + 1;
  const Call call = inlined_function();
  return call;
}

template <class T>
[[gnu::noinline]] Call template_function(T* result) {
  const Call call{return_address(), __LINE__};
  pin();
  *result = T{};
  return call;
}

std::vector<Frame> frames_of(const Call& call) {
  return symbols_of({call.address}, {}).code[call.address];
}

bool ends_with_this_file(const std::string& file) { return file.ends_with("symbols_test.cpp"); }

TEST(Symbols, ACallIsFoundInItsFunctionFileAndLine) {
  const Call call = known_function();
  const auto frames = frames_of(call);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_NE(frames[0].function.find("known_function"), std::string::npos) << frames[0].function;
  EXPECT_TRUE(ends_with_this_file(frames[0].file)) << frames[0].file;
  EXPECT_EQ(frames[0].line, call.line);
}

TEST(Symbols, AnInlinedCallComesBeforeTheFunctionItIsInlinedInto) {
  const Call call = around_an_inlined_function();
  const auto frames = frames_of(call);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_NE(frames[0].function.find("inlined_function"), std::string::npos) << frames[0].function;
  EXPECT_EQ(frames[0].line, call.line);
  EXPECT_NE(frames[1].function.find("around_an"), std::string::npos) << frames[1].function;
  EXPECT_EQ(frames[1].line, line_of_the_inlining);
}

TEST(Symbols, ATemplateIsFoundWithItsNameDemangled) {
  std::vector<int> result;
  const Call call = template_function(&result);
  const auto frames = frames_of(call);
  ASSERT_FALSE(frames.empty());
  EXPECT_NE(frames[0].function.find("template_function<std::vector<int"), std::string::npos)
      << frames[0].function;
  EXPECT_EQ(frames[0].line, call.line);
}

TEST(Symbols, ManyAddressesAreAnsweredAtOnceEachWithItsOwn) {
  const Call known = known_function(), inlined = around_an_inlined_function();
  Symbols symbols = symbols_of({known.address, inlined.address, known.address}, {});
  EXPECT_EQ(symbols.code[known.address].front().line, known.line);
  EXPECT_EQ(symbols.code[inlined.address].front().line, inlined.line);
}

TEST(Symbols, AFunctionOfASharedLibraryHasAtLeastAName) {
  const auto in_libc = reinterpret_cast<std::uintptr_t>(&std::strtol) + 2;
  const auto frames = symbols_of({in_libc}, {}).code[in_libc];
  ASSERT_FALSE(frames.empty());
  EXPECT_FALSE(frames[0].function.empty());
  EXPECT_NE(frames[0].function, "??");
}

TEST(Symbols, AnAddressInNoModuleIsShownAsItIs) {
  EXPECT_EQ(symbols_of({0x12}, {}).code[0x12].front().function, "0x11");
}

TEST(Symbols, AGlobalIsNamedAndAnAddressWithinItWithItsOffset) {
  const auto begin = reinterpret_cast<std::uintptr_t>(&global_of_the_test[0]);
  const auto inside = reinterpret_cast<std::uintptr_t>(&global_of_the_test[2]);
  const auto names = symbols_of({}, {begin, inside}).data;
#ifdef LOCKSTEP_HAS_DW
  EXPECT_EQ(names.at(begin), "lockstep::check::global_of_the_test[0]");
  EXPECT_EQ(names.at(inside), "lockstep::check::global_of_the_test[2]");
#else
  EXPECT_EQ(names.at(begin), "lockstep::check::global_of_the_test");
  EXPECT_EQ(names.at(inside), "lockstep::check::global_of_the_test+8");
#endif
}

#ifdef LOCKSTEP_HAS_DW
std::string name_of_global(const void* address) {
  const auto where = reinterpret_cast<std::uintptr_t>(address);
  const auto names = symbols_of({}, {where}).data;
  const auto found = names.find(where);
  return found == names.end() ? "" : found->second;
}

TEST(Symbols, AMemberIsNamedWithWhatItIsAMemberOf) {
  EXPECT_EQ(name_of_global(&queue_of_the_test.slots[1].value),
            "lockstep::check::queue_of_the_test.slots[1].value");
  EXPECT_EQ(name_of_global(&queue_of_the_test.count), "lockstep::check::queue_of_the_test.count");
}

TEST(Symbols, AMemberOfABaseIsNamedAsOneOfTheDerived) {
  EXPECT_EQ(name_of_global(&queue_of_the_test.inherited),
            "lockstep::check::queue_of_the_test.inherited");
}

const void* kept_by_a_function() {
  static Queue kept;
  return &kept.slots[1];
}

TEST(Symbols, WhatAFunctionKeepsIsNamedToo) {
  const std::string name = name_of_global(kept_by_a_function());
  EXPECT_TRUE(name.ends_with("kept.slots[1].turn")) << name;
}

TEST(Symbols, WhatTheStandardLibraryIsMadeOfIsNotTold) {
  EXPECT_EQ(name_of_global(&atomic_of_the_test), "lockstep::check::atomic_of_the_test");
  EXPECT_EQ(name_of_global(&array_of_the_test[2]), "lockstep::check::array_of_the_test[2]");
}
#endif

TEST(Symbols, AVariableOnTheStackIsNoGlobal) {
  int local = 0;
  EXPECT_TRUE(symbols_of({}, {reinterpret_cast<std::uintptr_t>(&local)}).data.empty());
}

std::string of_this_project(const std::string& file) {
  const std::string here = __FILE__;
  return here.substr(0, here.size() - std::string_view("tests/report/symbols_test.cpp").size()) +
         file;
}

TEST(Spots, AFileOfTheCompilerIsNotTheProgramsWhereverItIsInstalled) {
  for (const char* const file :
       {"/usr/include/c++/12/bits/atomic_base.h", "/usr/include/pthread.h",
        "/usr/local/include/c++/14/bits/atomic_base.h",
        "/opt/gcc/include/c++/13/x86_64-linux-gnu/bits/gthr-default.h",
        "/usr/lib/gcc/x86_64-linux-gnu/12/include/emmintrin.h",
        "/usr/bin/../lib64/gcc/x86_64-linux-gnu/12/../../../../include/c++/12/atomic",
        "/usr/lib/llvm-19/lib/clang/19/include/stdatomic.h",
        "/nix/store/llvm/include/c++/v1/__atomic/atomic.h",
        "/usr/local/lib/lockstep/include/bits/atomic_wait.h"}) {
    EXPECT_FALSE(is_own(file)) << file;
  }
}

TEST(Spots, AFileOfTheCheckerIsNotTheProgramsButOneInAFolderCalledAsItsIs) {
  EXPECT_FALSE(is_own(of_this_project("checker/runtime/threads.cpp")));
  EXPECT_FALSE(is_own("/usr/local/include/lockstep/linearizability.hpp"));
  EXPECT_TRUE(is_own(of_this_project("tests/report/symbols_test.cpp")));
  EXPECT_TRUE(is_own("/home/me/spell/checker/runtime/queue.cpp"));
}

TEST(Spots, TheInnermostCallInTheProgramsOwnSourceIsShown) {
  const Call call = known_function();
  Symbols symbols = symbols_of({call.address}, {});
  symbols.code[1] = {{"load", "/usr/include/c++/12/bits/atomic_base.h", 488}};
  symbols.code[2] = {{"hook", of_this_project("checker/hooks/atomic.cpp"), 3}};
  symbols.code[3] = {{"strlen", "", 0}};
  const Spot spot = Spots(symbols).of({1, 2, 3, call.address});
  EXPECT_EQ(spot.place, "symbols_test.cpp:" + std::to_string(call.line));
  EXPECT_EQ(source_line(spot.file, spot.line), "const Call call{return_address(), __LINE__};");
}

TEST(Spots, TheInnermostCallIsShownIfNoneIsInTheProgramsOwnSource) {
  Symbols symbols;
  symbols.code[1] = {{"load", "/usr/include/c++/12/bits/atomic_base.h", 488}};
  symbols.code[2] = {{"strlen", "", 0}};
  EXPECT_EQ(Spots(symbols).place({1, 2}), "atomic_base.h:488");
  EXPECT_EQ(Spots(symbols).place({2, 1}), "strlen");
  EXPECT_EQ(Spots(symbols).place({}), "?");
}

TEST(Subprocess, WhatItPrintsIsReturnedHoweverLong) {
  const std::string text = output_of({"seq", "100000"});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 100'000);
}

TEST(Subprocess, AProgramThatDoesNotExistPrintsNothing) {
  EXPECT_EQ(output_of({"no-such-program-of-lockstep"}), "");
}

}  // namespace
}  // namespace lockstep::check
