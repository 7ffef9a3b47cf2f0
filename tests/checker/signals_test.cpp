// Signals never come in an execution; which of them a thread blocks can be said, and asked for.
#include <signal.h>

#include <cerrno>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

sigset_t set_of(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  return set;
}

bool blocks(int signal) {
  sigset_t blocked;
  require(pthread_sigmask(SIG_BLOCK, nullptr, &blocked) == 0);
  return sigismember(&blocked, signal) == 1;
}

int change(int how, int signal) {
  const sigset_t set = set_of(signal);
  return pthread_sigmask(how, &set, nullptr);
}

TEST(Signals, AreBlockedAndUnblockedByTheThread) {
  EXPECT_TRUE(passes([] {
    require(!blocks(SIGUSR1));
    require(change(SIG_BLOCK, SIGUSR1) == 0 && change(SIG_BLOCK, SIGUSR2) == 0);
    require(blocks(SIGUSR1) && blocks(SIGUSR2));
    require(change(SIG_UNBLOCK, SIGUSR1) == 0);
    require(!blocks(SIGUSR1) && blocks(SIGUSR2));
    require(change(SIG_SETMASK, SIGUSR1) == 0);
    require(blocks(SIGUSR1) && !blocks(SIGUSR2));
    require(change(-1, SIGUSR1) == EINVAL && blocks(SIGUSR1));
  }));
}

TEST(Signals, AThreadBlocksWhatItsCreatorBlockedThen) {
  EXPECT_TRUE(passes([] {
    change(SIG_BLOCK, SIGUSR1);
    std::thread created([] {
      require(blocks(SIGUSR1));
      change(SIG_BLOCK, SIGUSR2);
    });
    change(SIG_UNBLOCK, SIGUSR1);
    created.join();
    require(!blocks(SIGUSR1) && !blocks(SIGUSR2));
  }));
}

TEST(Signals, AreNotBlockedAnyMoreInTheNextExecution) {
  EXPECT_TRUE(passes([] {
    require(!blocks(SIGUSR1));
    change(SIG_BLOCK, SIGUSR1);
    (void)choose(2);
  }));
}

}  // namespace
}  // namespace lockstep::check
