// POSIX read-write locks: readers share, writers exclude.
#include <pthread.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

struct RwLock {
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

  int read() { return pthread_rwlock_rdlock(&lock); }
  int write() { return pthread_rwlock_wrlock(&lock); }
  int try_read() { return pthread_rwlock_tryrdlock(&lock); }
  int try_write() { return pthread_rwlock_trywrlock(&lock); }
  int unlock() { return pthread_rwlock_unlock(&lock); }
};

timespec in_a_second(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  ++time.tv_sec;
  return time;
}

TEST(PosixRwLock, ReadersSeeAllThatAWriterDidOrNothing) {
  EXPECT_TRUE(comes_to(
      [] {
        RwLock lock;
        int a = 0, b = 0;
        std::thread writer([&] {
          lock.write();
          a = 1;
          b = 1;
          lock.unlock();
        });
        std::thread reader([&] {
          lock.read();
          require(a == b);
          lock.unlock();
        });
        lock.read();
        require(a == b);
        outcome(std::to_string(a));
        lock.unlock();
        writer.join();
        reader.join();
      },
      {"0", "1"}));
}

TEST(PosixRwLock, WritersExcludeEachOther) {
  EXPECT_TRUE(counts(
      [] {
        RwLock lock;
        std::string order;
        const auto body = [&](char name) {
          lock.write();
          order += name;
          lock.unlock();
        };
        std::thread thread(body, 'b');
        body('a');
        thread.join();
        outcome(order);
      },
      {{"ab", 1}, {"ba", 1}}));
}

// Each waits, in the lock, for the other to be there too.
Program two_inside(bool second_writes) {
  return [second_writes] {
    RwLock lock;
    std::atomic<int> inside{0};
    const auto meet = [&](bool writes) {
      if (writes) {
        lock.write();
      } else {
        lock.read();
      }
      inside.fetch_add(1);
      while (inside.load() != 2) {
      }
      lock.unlock();
    };
    std::thread thread(meet, second_writes);
    meet(false);
    thread.join();
  };
}

TEST(PosixRwLock, TwoReadersMayHaveItAtOnce) { EXPECT_TRUE(passes(two_inside(false))); }

TEST(PosixRwLock, AReaderAndAWriterMayNot) {
  const Result result = explored(two_inside(true));
  EXPECT_EQ(result.verdict, Verdict::failed) << result;
  EXPECT_TRUE(result.wrong == Wrong::livelock || result.wrong == Wrong::deadlock) << result;
}

TEST(PosixRwLock, AReaderThatWritesRacesWithTheOthers) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      RwLock lock;
                      int value = 0;
                      const auto body = [&] {
                        lock.read();
                        ++value;
                        lock.unlock();
                      };
                      std::thread thread(body);
                      body();
                      thread.join();
                    },
                    {"data race"}));
}

TEST(PosixRwLock, TriesFailWhileAWriterHasIt) {
  for (const bool is_shared : {true, false}) {
    EXPECT_TRUE(counts(
        [is_shared] {
          RwLock lock;
          std::thread writer([&] {
            lock.write();
            lock.unlock();
          });
          const int result = is_shared ? lock.try_read() : lock.try_write();
          if (result == 0) lock.unlock();
          writer.join();
          outcome(result == 0 ? "locked" : result == EBUSY ? "busy" : "?");
        },
        {{"locked", 2}, {"busy", 1}}));
  }
}

TEST(PosixRwLock, WhileAReaderHasItReadersAreLetInAndWritersNot) {
  EXPECT_TRUE(counts(
      [] {
        RwLock lock;
        lock.read();
        std::thread thread([&] {
          require(lock.try_read() == 0);
          lock.unlock();
          require(lock.try_write() == EBUSY);
        });
        thread.join();
        lock.unlock();
        outcome("so");
      },
      {{"so", 1}}));
}

TEST(PosixRwLock, ATimedLockIsLateOnlyWhileItIsBarred) {
  for (const bool is_shared : {true, false}) {
    EXPECT_TRUE(comes_to(
        [is_shared] {
          RwLock lock;
          std::thread writer([&] {
            lock.write();
            lock.unlock();
          });
          const timespec real = in_a_second(CLOCK_REALTIME);
          const timespec monotonic = in_a_second(CLOCK_MONOTONIC);
          const int result =
              is_shared ? pthread_rwlock_timedrdlock(&lock.lock, &real)
                        : pthread_rwlock_clockwrlock(&lock.lock, CLOCK_MONOTONIC, &monotonic);
          timespec now{};
          clock_gettime(CLOCK_MONOTONIC, &now);
          require(result != ETIMEDOUT || now.tv_sec >= monotonic.tv_sec);
          if (result == 0) lock.unlock();
          writer.join();
          outcome(result == 0 ? "locked" : result == ETIMEDOUT ? "late" : "?");
        },
        {"locked", "late"}));
  }
}

TEST(PosixRwLock, ToWriteWhatOneHasIsADeadlockThatIsTold) {
  EXPECT_TRUE(passes([] {
    RwLock lock;
    lock.write();
    require(lock.write() == EDEADLK && lock.read() == EDEADLK);
    require(lock.try_write() == EBUSY && lock.try_read() == EBUSY);
    lock.unlock();
  }));
}

TEST(PosixRwLock, AReaderThatWantsToWriteWaitsForItself) {
  EXPECT_TRUE(fails(Wrong::deadlock,
                    [] {
                      RwLock lock;
                      lock.read();
                      lock.write();
                    },
                    {"waits to write under the lock"}));
}

TEST(PosixRwLock, AReaderMayReadAgain) {
  EXPECT_TRUE(passes([] {
    RwLock lock;
    lock.read();
    lock.read();
    lock.unlock();
    require(lock.try_write() == EBUSY);
    lock.unlock();
    require(lock.try_write() == 0);
    lock.unlock();
  }));
}

TEST(PosixRwLock, UnlockOfWhatOneDoesNotHaveIsMisuse) {
  EXPECT_TRUE(fails(Wrong::misuse,
                    [] {
                      RwLock lock;
                      lock.unlock();
                    },
                    {"unlocks a read-write lock that it does not have"}));
}

TEST(PosixRwLock, DestructionWhileAReaderHasItIsMisuse) {
  EXPECT_TRUE(fails(Wrong::misuse,
                    [] {
                      RwLock lock;
                      lock.read();
                      pthread_rwlock_destroy(&lock.lock);
                    },
                    {"a read-write lock is destroyed while a thread has it"}));
}

}  // namespace
}  // namespace lockstep::check
