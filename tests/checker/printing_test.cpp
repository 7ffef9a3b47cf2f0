// What explored code prints goes nowhere but into the report.
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <cwchar>
#include <functional>
#include <iomanip>
#include <iostream>
#include <string>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

/// What the report of the execution that the program ends in says of what it printed, or nothing.
std::string printed_by(const Program& program, const Result& result) {
  const std::size_t begin = result.report.find("\nPrinted:\n");
  const Result again = replayed(program, result.token);
  EXPECT_EQ(result.report, again.report);
  if (begin == std::string::npos) return "";
  const std::size_t text = begin + std::strlen("\nPrinted:\n");
  return result.report.substr(text, result.report.find("\n\n", text) + 1 - text);
}
std::string printed_by(const std::function<void()>& print) {
  const Program program = [&] {
    print();
    require(false);
  };
  return printed_by(program, explored(program));
}

/// All that comes out of this process while `call` is under way.
std::string output_of(const std::function<void()>& call) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  call();
  std::fflush(stdout);
  return testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
}

void print_in_every_way() {
  std::printf("%s %d\n", "printf", 1);
  std::fprintf(stderr, "fprintf %.1f\n", 2.5);
  std::puts("puts");
  std::fputs("fputs\n", stdout);
  std::putchar('p');
  std::fputc('c', stderr);
  std::putc('\n', stdout);
  std::fwrite("fwrite\n", 1, 7, stdout);
  errno = ENOENT;
  std::perror("perror");
  (void)!write(STDOUT_FILENO, "write\n", 6);
  char one[] = "wri", two[] = "tev\n";
  const iovec parts[] = {{one, 3}, {two, 4}};
  (void)!writev(STDERR_FILENO, parts, 2);
  (void)dprintf(STDOUT_FILENO, "dprintf %c\n", 'd');
  std::setvbuf(stdout, nullptr, _IONBF, 0);
  std::fflush(stdout);
  std::ios_base::sync_with_stdio(false);
  std::cout << "cout " << 3 << std::endl;
  std::cerr << "cerr\n";
  std::clog << "clog " << std::hex << std::setw(4) << 255 << '\n' << std::flush;
}

constexpr const char* printed_in_every_way =
    "  thread 0  printf 1\n"
    "  thread 0  fprintf 2.5\n"
    "  thread 0  puts\n"
    "  thread 0  fputs\n"
    "  thread 0  pc\n"
    "  thread 0  fwrite\n"
    "  thread 0  perror: No such file or directory\n"
    "  thread 0  write\n"
    "  thread 0  writev\n"
    "  thread 0  dprintf d\n"
    "  thread 0  cout 3\n"
    "  thread 0  cerr\n"
    "  thread 0  clog   ff\n";

TEST(Printing, InEveryWayIsInTheReport) {
  EXPECT_EQ(printed_by(&print_in_every_way), printed_in_every_way);
}

TEST(Printing, NothingComesOutOfAnExploration) {
  const std::string output = output_of([] {
    EXPECT_TRUE(passes([] {
      print_in_every_way();
      (void)choose(3);
    }));
    (void)printed_by(&print_in_every_way);
  });
  EXPECT_EQ(output, "");
}

TEST(Printing, OutsideAnExplorationComesOut) {
  std::fflush(stdout);
  const std::string output = output_of([] {
    std::printf("%s %d\n", "printf", 1);
    std::puts("puts");
    std::cout << "cout " << 3 << std::endl;
    (void)passes([] { std::puts("explored"); });
    std::putchar('\n');
  });
  EXPECT_EQ(output, "printf 1\nputs\ncout 3\n\n");
}

TEST(Printing, OfThreadsStandsInTheOrderInWhichItHappened) {
  const Program program = [] {
    std::atomic<int> x{0};
    std::printf("before, ");
    std::puts("in two parts");
    std::thread thread([&] {
      std::puts("in the thread");
      x = 1;
    });
    if (x == 1) {
      std::puts("afterwards");
      require(false);
    }
    thread.join();
  };
  EXPECT_EQ(printed_by(program, explored(program)),
            "  thread 0  before, in two parts\n"
            "  thread 1  in the thread\n"
            "  thread 0  afterwards\n");
}

TEST(Printing, OnlyOfTheExecutionThatIsWrong) {
  const Program program = [] {
    const int chosen = choose(10);
    std::printf("chose %d\n", chosen);
    require(chosen != 7);
  };
  EXPECT_EQ(printed_by(program, explored(program)), "  thread 0  chose 7\n");
}

TEST(Printing, OfARightExecutionIsShownWhenItIsReplayed) {
  const auto program = [](bool is_wrong) {
    return [is_wrong] {
      std::puts("said");
      require(!is_wrong);
    };
  };
  const Result wrong = explored(program(true));
  const Result right = replayed(program(false), wrong.token);
  EXPECT_TRUE(right.found_nothing());
  EXPECT_EQ(right.report, "\nPrinted:\n  thread 0  said\n");
}

TEST(Printing, OfWideCharactersIsRefused) {
  EXPECT_TRUE(
      is_refused([] { std::wcout << L"wide"; }, {"putwc is not modelled: wide characters"}));
  EXPECT_TRUE(is_refused([] { std::wprintf(L"%d", 1); }, {"wprintf is not modelled"}));
}

TEST(Printing, ReadsTheMemoryThatItPrints) {
  static char text[] = "text";
  const Program program = [] {
    std::thread thread([] { text[1] = 'o'; });
    std::puts(text);
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::data_race, program, {LINE_OF("std::puts(text);")}));
}

TEST(Printing, DoesNotKeepALoopFromBeingSeenToWait) {
  EXPECT_TRUE(passes([] {
    std::atomic<bool> is_set{false};
    std::thread thread([&] { is_set = true; });
    while (!is_set) std::puts("waiting");
    thread.join();
  }));
}

TEST(Printing, GivesBackWhatTheCLibraryWould) {
  EXPECT_TRUE(passes([] {
    require(std::printf("%d", 1000) == 4);
    require(std::fwrite("abcd", 2, 2, stdout) == 2 && std::fwrite("", 0, 2, stdout) == 0);
    require(write(1, "abc", 3) == 3 && std::putchar('x') == 'x' && std::puts("") >= 0);
    require(std::fputs("x", stderr) >= 0 && std::fflush(nullptr) == 0);
  }));
}

}  // namespace
}  // namespace lockstep::check
