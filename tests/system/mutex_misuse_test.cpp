// What must not be done to POSIX mutexes and spin locks; and what spin locks do.
#include <pthread.h>

#include <cerrno>
#include <thread>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

TEST(MutexMisuse, UnlockOfOneThatIsFree) {
  const Program program = [] {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_unlock(&mutex);
  };
  EXPECT_TRUE(
      fails(Wrong::misuse, program,
            {"unlocks a mutex that it does not have", LINE_OF("pthread_mutex_unlock(&mutex);")}));
}

TEST(MutexMisuse, UnlockByAnotherThanItsHolder) {
  EXPECT_TRUE(fails(Wrong::misuse,
                    [] {
                      pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
                      pthread_mutex_lock(&mutex);
                      std::thread thread([&] { pthread_mutex_unlock(&mutex); });
                      thread.join();
                    },
                    {"unlocks a mutex that it does not have", "thread 1"}));
}

TEST(MutexMisuse, LockOfANormalOneThatOneHas) {
  EXPECT_TRUE(fails(Wrong::misuse,
                    [] {
                      pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
                      pthread_mutex_lock(&mutex);
                      pthread_mutex_lock(&mutex);
                    },
                    {"locks a mutex that it has"}));
}

TEST(MutexMisuse, DestructionOfOneThatIsLocked) {
  EXPECT_TRUE(fails(Wrong::misuse,
                    [] {
                      pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
                      pthread_mutex_lock(&mutex);
                      pthread_mutex_destroy(&mutex);
                    },
                    {"a mutex is destroyed while a thread has it"}));
}

TEST(MutexMisuse, DestructionThatRacesWithUse) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
                      std::thread thread([&] { pthread_mutex_trylock(&mutex); });
                      pthread_mutex_destroy(&mutex);
                      thread.join();
                    },
                    {"data race"}));
}

TEST(MutexMisuse, UseThatRacesWithInitialization) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      pthread_mutex_t mutex;
                      std::thread thread([&] { pthread_mutex_trylock(&mutex); });
                      pthread_mutex_init(&mutex, nullptr);
                      thread.join();
                    },
                    {"data race"}));
}

TEST(MutexMisuse, UseOfOneWhoseMemoryIsFree) {
  EXPECT_TRUE(fails(Wrong::use_after_free,
                    [] {
                      auto* mutex = new pthread_mutex_t(PTHREAD_MUTEX_INITIALIZER);
                      auto* gone = mutex;
                      asm("" : "+r"(gone));  // not for the compiler to see
                      delete mutex;
                      pthread_mutex_lock(gone);
                    },
                    {"thread 0"}));
}

TEST(MutexMisuse, RobustMutexesAreRefused) {
  EXPECT_TRUE(is_refused(
      [] {
        pthread_mutexattr_t attributes;
        pthread_mutexattr_init(&attributes);
        pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
        pthread_mutex_t mutex;
        pthread_mutex_init(&mutex, &attributes);
        pthread_mutex_lock(&mutex);
      },
      {"robust mutexes"}));
}

// Spin locks

TEST(PosixSpinLock, OneThreadAtATimeAndWhatItWroteTheNextSees) {
  EXPECT_TRUE(counts(
      [] {
        pthread_spinlock_t lock;
        pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
        std::string order;
        const auto body = [&](char name) {
          require(pthread_spin_lock(&lock) == 0);
          order += name;
          require(pthread_spin_unlock(&lock) == 0);
        };
        std::thread thread(body, 'b');
        body('a');
        thread.join();
        pthread_spin_destroy(&lock);
        outcome(order);
      },
      {{"ab", 1}, {"ba", 1}}));
}

TEST(PosixSpinLock, TryLockFailsWhileAnotherHasIt) {
  EXPECT_TRUE(counts(
      [] {
        pthread_spinlock_t lock;
        pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
        std::thread thread([&] {
          pthread_spin_lock(&lock);
          pthread_spin_unlock(&lock);
        });
        const int result = pthread_spin_trylock(&lock);
        if (result == 0) pthread_spin_unlock(&lock);
        thread.join();
        outcome(result == 0 ? "locked" : result == EBUSY ? "busy" : "?");
      },
      {{"locked", 2}, {"busy", 1}}));
}

TEST(PosixSpinLock, LockOfOnesOwnIsForEver) {
  EXPECT_TRUE(fails(Wrong::deadlock,
                    [] {
                      pthread_spinlock_t lock;
                      pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
                      pthread_spin_lock(&lock);
                      pthread_spin_lock(&lock);
                    },
                    {"waits for the spin lock"}));
}

TEST(PosixSpinLock, UnlockByAnotherThanItsHolderIsMisuse) {
  EXPECT_TRUE(fails(Wrong::misuse,
                    [] {
                      pthread_spinlock_t lock;
                      pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
                      pthread_spin_unlock(&lock);
                    },
                    {"unlocks a spin lock that it does not have"}));
}

}  // namespace
}  // namespace lockstep::check
