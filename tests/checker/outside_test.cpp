// What reaches out of an execution is refused, by its name and place, and not done.
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

/// A path at which there is nothing. `made` stays empty for as long as nobody uses it.
const std::string& path_of_nothing() {
  static const std::string path =
      testing::TempDir() + "lockstep_outside_" + std::to_string(getpid());
  return path;
}
bool is_there(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

TEST(Outside, TheReportNamesTheCallAndItsLine) {
  const Program program = [] { (void)socket(AF_UNIX, SOCK_STREAM, 0); };
  EXPECT_TRUE(is_refused(program, {"socket is not modelled: other processes are no part",
                                   LINE_OF("(void)socket(AF_UNIX, SOCK_STREAM, 0);")}));
}

TEST(Outside, InAnyThread) {
  const Program program = [] {
    std::thread thread([] { (void)getppid(), (void)kill(getpid(), SIGTERM); });
    thread.join();
  };
  EXPECT_TRUE(is_refused(
      program, {"kill is not modelled", "thread 1", LINE_OF("kill(getpid(), SIGTERM);")}));
}

std::array<int, 2> ends;
char buffer[8];
pollfd polled{};
fd_set descriptors;
itimerval interval{};
char* no_words[] = {nullptr};

/// A call, and what the report must say of it.
struct Call {
  const char* name;
  void (*call)();
};
void PrintTo(const Call& call, std::ostream* out) { *out << call.name; }

const Call calls[] = {
    {"socketpair", [] { (void)socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()); }},
    {"connect", [] { (void)connect(3, nullptr, 0); }},
    {"bind", [] { (void)bind(3, nullptr, 0); }},
    {"listen", [] { (void)listen(3, 1); }},
    {"accept", [] { (void)accept(3, nullptr, nullptr); }},
    {"accept4", [] { (void)accept4(3, nullptr, nullptr, 0); }},
    {"send", [] { (void)send(3, buffer, 1, 0); }},
    {"recv", [] { (void)recv(3, buffer, 1, 0); }},
    {"pipe", [] { (void)pipe(ends.data()); }},
    {"pipe2", [] { (void)pipe2(ends.data(), O_CLOEXEC); }},
    {"poll", [] { (void)poll(&polled, 1, -1); }},
    {"select", [] { (void)select(0, &descriptors, nullptr, nullptr, nullptr); }},
    {"epoll_create1", [] { (void)epoll_create1(0); }},
    {"eventfd", [] { (void)eventfd(0, 0); }},
    {"timerfd_create", [] { (void)timerfd_create(CLOCK_MONOTONIC, 0); }},
    {"execl", [] { (void)execl("/bin/true", "true", static_cast<char*>(nullptr)); }},
    {"execvp", [] { (void)execvp("true", no_words); }},
    {"posix_spawnp",
     [] { (void)posix_spawnp(nullptr, "true", nullptr, nullptr, no_words, environ); }},
    {"system", [] { (void)!system("true"); }},
    {"popen", [] { (void)popen("true", "r"); }},
    {"vfork", [] { (void)vfork(); }},
    {"fork", [] { (void)fork(); }},
    {"waitpid", [] { (void)waitpid(-1, nullptr, 0); }},
    {"pause", [] { (void)pause(); }},
    {"pthread_kill", [] { (void)pthread_kill(pthread_self(), SIGTERM); }},
    {"pthread_cancel", [] { (void)pthread_cancel(pthread_self()); }},
    {"kill", [] { (void)kill(getpid(), SIGTERM); }},
    {"raise", [] { (void)raise(SIGTERM); }},
    {"signal", [] { (void)std::signal(SIGUSR1, SIG_IGN); }},
    {"sigaction", [] { (void)sigaction(SIGUSR1, nullptr, nullptr); }},
    {"alarm", [] { (void)alarm(1); }},
    {"setitimer", [] { (void)setitimer(ITIMER_REAL, &interval, nullptr); }},
    {"mmap", [] { (void)mmap(nullptr, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }},
    {"munmap", [] { (void)munmap(nullptr, 1); }},
    {"dlopen", [] { (void)dlopen("libm.so.6", RTLD_NOW); }},
    {"getrandom", [] { (void)!getrandom(buffer, 1, 0); }},
    {"getentropy", [] { (void)!getentropy(buffer, 1); }},
    {"std::random_device", [] { (void)std::random_device(); }},
    {"setenv", [] { (void)setenv("LOCKSTEP_NOT_SET", "1", 1); }},
    {"chdir", [] { (void)!chdir("/"); }},
    {"umask", [] { (void)umask(0); }},
    {"setuid", [] { (void)!setuid(getuid()); }},
    {"dup2", [] { (void)dup2(2, 1); }},
    {"getc", [] { (void)std::cin.get(); }},
    {"scanf", [] { (void)!std::scanf("%7s", buffer); }},
};

class OutsideCall : public testing::TestWithParam<Call> {};

TEST_P(OutsideCall, IsRefused) {
  const testing::AssertionResult refused =
      is_refused(GetParam().call, {std::string(GetParam().name) + " is not modelled: "});
  EXPECT_TRUE(refused);
  // Why, and what to do instead.
  const std::string said = refused.message();
  const std::size_t reason = said.find(" is not modelled: ");
  EXPECT_LT(said.find("; ", reason), said.find('\n', reason)) << said;
}
INSTANTIATE_TEST_SUITE_P(Each, OutsideCall, testing::ValuesIn(calls), [](const auto& info) {
  std::string name = info.param.name;
  std::erase(name, ':');
  return name;
});

/// Refused, and what is to stay as it is stays so.
TEST(Outside, ChangesNoFiles) {
  const std::string file = path_of_nothing();
  EXPECT_TRUE(is_refused([&] { (void)!mkdir(file.c_str(), 0700); }, {"mkdir is not modelled"}));
  EXPECT_TRUE(is_refused([&] { std::filesystem::create_directory(file); }, {"mkdir is not"}));
  EXPECT_FALSE(is_there(file));
  std::ofstream(file) << "kept";
  EXPECT_TRUE(is_refused([&] { (void)!unlink(file.c_str()); }, {"unlink is not modelled"}));
  EXPECT_TRUE(is_refused([&] { (void)!std::remove(file.c_str()); }, {"remove is not modelled"}));
  EXPECT_TRUE(is_refused([&] { (void)!truncate(file.c_str(), 0); }, {"truncate is not modelled"}));
  EXPECT_TRUE(is_refused([&] { (void)!std::rename(file.c_str(), "/tmp/x"); }, {"rename is not"}));
  std::string content;
  std::ifstream(file) >> content;
  EXPECT_EQ(content, "kept");
  unlink(file.c_str());
}

TEST(Outside, LeavesTheEnvironmentAlone) {
  EXPECT_TRUE(is_refused([] { setenv("LOCKSTEP_NOT_SET", "1", 1); }, {"setenv is not modelled"}));
  EXPECT_EQ(std::getenv("LOCKSTEP_NOT_SET"), nullptr);
}

TEST(Outside, ToRaiseAbortIsToAbort) {
  const Program program = [] { (void)raise(SIGABRT); };
  EXPECT_TRUE(fails(Wrong::aborted, program, {"SIGABRT was raised", LINE_OF("raise(SIGABRT);")}));
}

TEST(Outside, IsRefusedOnlyInTheExecutionsThatComeToIt) {
  const Result result = explored([] {
    std::atomic<int> x{0};
    std::thread thread([&] { x = 1; });
    if (x == 1) (void)eventfd(0, 0);
    thread.join();
  });
  EXPECT_EQ(result.verdict, Verdict::refused) << result;
  EXPECT_EQ(result.executions, 1u) << result;
}

TEST(Outside, AllIsDoneOutsideAnExploration) {
  ASSERT_EQ(pipe(ends.data()), 0);
  EXPECT_EQ(write(ends[1], "text", 5), 5);
  EXPECT_EQ(read(ends[0], buffer, 5), 5);
  EXPECT_STREQ(buffer, "text");
  close(ends[0]);
  close(ends[1]);
  const pid_t child = vfork();
  if (child == 0) execl("/bin/sh", "sh", "-c", "exit 7", static_cast<char*>(nullptr));
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_NE(std::random_device()(), std::random_device()());
  int a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0;
  EXPECT_EQ(std::sscanf("1 2 3 4 5 6 7", "%d%d%d%d%d%d%d", &a, &b, &c, &d, &e, &f, &g), 7);
  EXPECT_EQ(g, 7);
}

}  // namespace
}  // namespace lockstep::check
