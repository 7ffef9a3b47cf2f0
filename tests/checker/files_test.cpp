// Explored code reads the files that it opens, in each execution the same, and writes none.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

/// A file of three lines, for as long as it lives.
class Lines {
 public:
  Lines() { std::ofstream(path) << "first\nsecond\n3 3.5\n"; }
  ~Lines() { unlink(path.c_str()); }
  const std::string path = testing::TempDir() + "lockstep_files_" + std::to_string(getpid());
};

/// Two executions.
void explore_some() {
  std::atomic<int> x{0};
  std::thread thread([&] { x = 1; });
  (void)x.load();
  thread.join();
}

TEST(Files, AStreamReadsTheSameInEachExecution) {
  const Lines lines;
  const Result result = explored([&] {
    explore_some();
    std::ifstream file(lines.path);
    std::string first, second;
    int number = 0;
    double fraction = 0;
    file >> first >> second >> number >> fraction;
    require(first == "first" && second == "second" && number == 3 && fraction == 3.5);
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 2u);
}

TEST(Files, TheCLibraryReadsTheSameInEachExecution) {
  const Lines lines;
  EXPECT_TRUE(passes([&] {
    explore_some();
    std::FILE* const file = std::fopen(lines.path.c_str(), "r");
    require(file != nullptr);
    char line[16];
    require(std::fgets(line, sizeof line, file) != nullptr && std::strcmp(line, "first\n") == 0);
    require(std::getc(file) == 's' && std::fseek(file, 13, SEEK_SET) == 0);
    int number = 0;
    double fraction = 0;
    require(std::fscanf(file, "%d %lf", &number, &fraction) == 2 && number == 3 && fraction == 3.5);
    std::fclose(file);
  }));
}

TEST(Files, SystemCallsReadTheSameInEachExecution) {
  const Lines lines;
  EXPECT_TRUE(passes([&] {
    explore_some();
    const int file = open(lines.path.c_str(), O_RDONLY);
    char text[5];
    require(read(file, text, 5) == 5 && std::memcmp(text, "first", 5) == 0);
    require(pread(file, text, 5, 6) == 5 && std::memcmp(text, "secon", 5) == 0);
    require(close(file) == 0);
  }));
}

char global[8];

TEST(Files, WhatIsReadIntoAGlobalIsGoneInTheNextExecution) {
  const Lines lines;
  EXPECT_TRUE(passes([&] {
    explore_some();
    require(global[0] == 0);
    const int file = open(lines.path.c_str(), O_RDONLY);
    require(read(file, global, 5) == 5 && global[0] == 'f');
  }));
  EXPECT_EQ(global[0], 0);
}

TEST(Files, ReadingIntoMemoryThatAnotherThreadReadsIsARace) {
  const Lines lines;
  const Program program = [&] {
    std::thread thread([] { (void)*const_cast<volatile char*>(&global[1]); });
    const int file = open(lines.path.c_str(), O_RDONLY);
    (void)!read(file, global, 5);
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::data_race, program, {LINE_OF("read(file, global, 5);")}));
}

TEST(Files, ThatAreLeftOpenAreClosedAfterEachExecution) {
  const Lines lines;
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit few{64, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &few);
  const Result result = explored([&] {
    for (int i = 0; i < 8; ++i) {
      require(open(lines.path.c_str(), O_RDONLY) >= 0);
      require(std::fopen(lines.path.c_str(), "r") != nullptr);
    }
    (void)choose(1000);
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 1000u);
  setrlimit(RLIMIT_NOFILE, &before);
}

TEST(Files, StreamsInMemoryMayBeWritten) {
  const Result result = explored([] {
    explore_some();
    char* text = nullptr;
    std::size_t size = 0;
    std::FILE* const stream = open_memstream(&text, &size);
    std::fprintf(stream, "%d and %s", 1, "more");
    std::fputs(", and", stream);
    std::fputc('!', stream);
    std::fclose(stream);
    require(size == 16 && std::string(text) == "1 and more, and!");
    std::free(text);
    char memory[] = "12 13";
    std::FILE* const numbers = fmemopen(memory, sizeof memory, "r");
    int first = 0, second = 0;
    require(std::fscanf(numbers, "%d%d", &first, &second) == 2 && second == 13);
    std::fclose(numbers);
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_TRUE(result.report.empty()) << result;
}

TEST(Files, AreNotOpenedForWriting) {
  const std::string path = testing::TempDir() + "lockstep_not_written_" + std::to_string(getpid());
  const char* const file = path.c_str();
  EXPECT_TRUE(is_refused([=] { (void)!std::fopen(file, "w"); }, {"fopen is not modelled: a file"}));
  EXPECT_TRUE(is_refused([=] { (void)!std::fopen(file, "a"); }, {"fopen is not modelled: a file"}));
  EXPECT_TRUE(is_refused([=] { (void)!std::fopen(file, "r+"); }, {"fopen is not modelled"}));
  EXPECT_TRUE(is_refused([=] { (void)!std::freopen(file, "w", stdout); }, {"freopen is not"}));
  EXPECT_TRUE(is_refused([=] { (void)!open(file, O_WRONLY | O_CREAT, 0600); }, {"open is not"}));
  EXPECT_TRUE(is_refused([=] { (void)!open(file, O_RDONLY | O_CREAT, 0600); }, {"open is not"}));
  EXPECT_TRUE(is_refused([=] { (void)creat(file, 0600); }, {"creat is not modelled"}));
  EXPECT_NE(access(file, F_OK), 0);
}

TEST(Files, AnOfstreamIsRefusedWhereTheProgramMakesIt) {
  const std::string path = testing::TempDir() + "lockstep_not_written_" + std::to_string(getpid());
  const Program program = [&] {
    std::ofstream stream(path);
    stream << "text";
  };
  EXPECT_TRUE(
      is_refused(program, {"fopen is not modelled", LINE_OF("std::ofstream stream(path);")}));
  EXPECT_NE(access(path.c_str(), F_OK), 0);
}

TEST(Files, WhatWasOpenBeforeIsNotReadOrWritten) {
  const Lines lines;
  const int file = open(lines.path.c_str(), O_RDWR);
  std::FILE* const stream = std::fopen(lines.path.c_str(), "r+");
  char byte = 0;
  EXPECT_TRUE(is_refused([&] { (void)!read(file, &byte, 1); }, {"read is not modelled"}));
  EXPECT_TRUE(is_refused([&] { (void)!write(file, &byte, 1); }, {"write is not modelled"}));
  EXPECT_TRUE(is_refused([&] { (void)std::fgetc(stream); }, {"getc is not modelled"}));
  EXPECT_TRUE(is_refused([&] { (void)std::fprintf(stream, "%d", 1); }, {"fprintf is not"}));
  EXPECT_TRUE(is_refused([&] { close(file); }, {"close is not modelled"}));
  EXPECT_EQ(lseek(file, 0, SEEK_CUR), 0);
  close(file);
  std::fclose(stream);
}

TEST(Files, NeitherStandardInputNorDevicesAreRead) {
  char byte = 0;
  EXPECT_TRUE(is_refused([&] { (void)!read(0, &byte, 1); },
                         {"read is not modelled: what is read from there"}));
  EXPECT_TRUE(is_refused([&] { (void)!std::fread(&byte, 1, 1, stdin); }, {"fread is not"}));
  EXPECT_TRUE(
      is_refused([] { (void)!std::fopen("/dev/urandom", "r"); }, {"fopen is not modelled"}));
  EXPECT_TRUE(is_refused([] { (void)!open("/dev/tty", O_RDONLY); }, {"only files and folders"}));
  EXPECT_TRUE(passes([] { require(std::ifstream("/dev/null").get() == EOF); }));
  EXPECT_TRUE(passes([] { require(!std::ifstream("/not/there")); }));
}

}  // namespace
}  // namespace lockstep::check
