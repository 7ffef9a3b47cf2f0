// What is done once, and what each thread has of its own: pthread_once, std::call_once, keys; and barriers.
#include <pthread.h>

#include <cerrno>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

// Once

int initialized = 0;
pthread_once_t control = PTHREAD_ONCE_INIT;

TEST(PosixOnce, OneThreadDoesItAndAllSeeItDone) {
  EXPECT_TRUE(passes([] {
    const auto body = [] {
      pthread_once(&control, [] { ++initialized; });
      require(initialized == 1);
    };
    std::thread a(body), b(body);
    body();
    a.join();
    b.join();
  }));
}

TEST(CallOnce, EitherOfTwoThreadsDoesItAndBothSeeItDone) {
  EXPECT_TRUE(comes_to(
      [] {
        std::once_flag flag;
        int by = 0;
        const auto body = [&](int me) {
          std::call_once(flag, [&] { by = me; });
          require(by != 0);
        };
        std::thread thread(body, 1);
        body(2);
        thread.join();
        outcome(std::to_string(by));
      },
      {"1", "2"}));
}

TEST(CallOnce, AnExceptionLeavesItToTheNext) {
  EXPECT_TRUE(comes_to(
      [] {
        std::once_flag flag;
        int tries = 0;
        int caught = 0;
        const auto body = [&] {
          try {
            std::call_once(flag, [&] {
              if (++tries == 1) throw std::runtime_error("not now");
            });
          } catch (const std::runtime_error&) {
            ++caught;
          }
        };
        std::thread thread(body);
        body();
        thread.join();
        outcome(std::to_string(tries) + " tries, " + std::to_string(caught) + " caught");
      },
      {"2 tries, 1 caught"}));
}

TEST(CallOnce, DoesNotWaitForAnotherFlag) {
  EXPECT_TRUE(counts(
      [] {
        std::once_flag outer, inner;
        int done = 0;
        std::call_once(outer, [&] { std::call_once(inner, [&] { ++done; }); });
        outcome(std::to_string(done));
      },
      {{"1", 1}}));
}

TEST(CallOnce, WithinItselfWaitsForItself) {
  EXPECT_TRUE(fails(Wrong::deadlock,
                    [] {
                      std::once_flag flag;
                      std::call_once(flag, [&] { std::call_once(flag, [] {}); });
                    },
                    {"waits for what another thread does once"}));
}

TEST(CallOnce, ReadsWithoutItRace) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      std::once_flag flag;
                      int value = 0;
                      std::thread thread([&] { std::call_once(flag, [&] { value = 1; }); });
                      if (value == 0) std::call_once(flag, [&] { value = 1; });
                      thread.join();
                    },
                    {"data race"}));
}

// Keys

TEST(PosixKeys, EachThreadHasAValueOfItsOwnAndNullAtFirst) {
  EXPECT_TRUE(passes([] {
    pthread_key_t key;
    require(pthread_key_create(&key, nullptr) == 0);
    int mine = 0, others = 0;
    std::thread thread([&] {
      require(pthread_getspecific(key) == nullptr);
      pthread_setspecific(key, &others);
      require(pthread_getspecific(key) == &others);
    });
    require(pthread_getspecific(key) == nullptr);
    pthread_setspecific(key, &mine);
    thread.join();
    require(pthread_getspecific(key) == &mine);
    require(pthread_key_delete(key) == 0);
  }));
}

TEST(PosixKeys, TheDestructorIsCalledAtTheEndOfEachThreadThatHasAValue) {
  EXPECT_TRUE(passes([] {
    pthread_key_t key;
    pthread_key_create(&key, [](void* value) { ++*static_cast<int*>(value); });
    int destroyed = 0, other = 0;
    std::thread([&] { pthread_setspecific(key, &destroyed); }).join();
    require(destroyed == 1);
    std::thread([&] {}).join();
    std::thread([&] {
      pthread_setspecific(key, &other);
      pthread_setspecific(key, nullptr);
    }).join();
    require(destroyed == 1 && other == 0);
  }));
}

TEST(PosixKeys, ADestructorMaySetTheValueAgainAndIsThenCalledAgain) {
  struct Node {
    pthread_key_t key;
    int left = 3;
  };
  EXPECT_TRUE(passes([] {
    Node node;
    pthread_key_create(&node.key, [](void* value) {
      auto& it = *static_cast<Node*>(value);
      if (--it.left > 0) pthread_setspecific(it.key, value);
    });
    std::thread([&] { pthread_setspecific(node.key, &node); }).join();
    require(node.left == 0);
  }));
}

TEST(PosixKeys, ADeletedOneIsGoneAndItsDestructorIsNotCalled) {
  EXPECT_TRUE(passes([] {
    pthread_key_t key;
    pthread_key_create(&key, [](void*) { require(false); });
    int value = 0;
    std::thread([&] {
      pthread_setspecific(key, &value);
      require(pthread_key_delete(key) == 0);
    }).join();
    require(pthread_key_delete(key) == EINVAL);
  }));
}

// Barriers

TEST(PosixBarrier, OneOfTheThreadsIsTheSerialOneAndItIsTheLastToCome) {
  EXPECT_TRUE(counts(
      [] {
        pthread_barrier_t barrier;
        require(pthread_barrier_init(&barrier, nullptr, 2) == 0);
        int results[2]{};
        std::thread thread([&] { results[1] = pthread_barrier_wait(&barrier); });
        results[0] = pthread_barrier_wait(&barrier);
        thread.join();
        pthread_barrier_destroy(&barrier);
        const bool is_main = results[0] == PTHREAD_BARRIER_SERIAL_THREAD;
        require(results[is_main ? 1 : 0] == 0);
        require(results[is_main ? 0 : 1] == PTHREAD_BARRIER_SERIAL_THREAD);
        outcome(is_main ? "main" : "thread");
      },
      {{"main", 1}, {"thread", 1}}));
}

TEST(PosixBarrier, WhatAnybodyDidBeforeEverybodySeesAfterwards) {
  EXPECT_TRUE(passes([] {
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, nullptr, 3);
    int values[3]{};
    const auto body = [&](int me) {
      values[me] = 1;
      pthread_barrier_wait(&barrier);
      require(values[0] + values[1] + values[2] == 3);
    };
    std::thread a(body, 1), b(body, 2);
    body(0);
    a.join();
    b.join();
  }));
}

TEST(PosixBarrier, MayBeUsedAgainAtOnce) {
  EXPECT_TRUE(passes([] {
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, nullptr, 2);
    int value = 0;
    const auto body = [&](bool writes_first) {
      for (int round = 0; round < 2; ++round) {
        if ((round == 0) == writes_first) ++value;
        pthread_barrier_wait(&barrier);
        require(value == round + 1);
        pthread_barrier_wait(&barrier);
      }
    };
    std::thread thread(body, false);
    body(true);
    thread.join();
  }));
}

TEST(PosixBarrier, ThatTooFewComeToIsADeadlock) {
  EXPECT_TRUE(fails(Wrong::deadlock,
                    [] {
                      pthread_barrier_t barrier;
                      pthread_barrier_init(&barrier, nullptr, 3);
                      std::thread thread([&] { pthread_barrier_wait(&barrier); });
                      pthread_barrier_wait(&barrier);
                      thread.join();
                    },
                    {"waits at the barrier", "thread 0", "thread 1"}));
}

TEST(PosixBarrier, ForNobodyIsInvalid) {
  EXPECT_TRUE(passes([] {
    pthread_barrier_t barrier;
    require(pthread_barrier_init(&barrier, nullptr, 0) == EINVAL);
  }));
}

TEST(PosixBarrier, DestructionWhileAThreadWaitsRacesWithItsWait) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      pthread_barrier_t barrier;
                      pthread_barrier_init(&barrier, nullptr, 2);
                      std::thread thread([&] { pthread_barrier_wait(&barrier); });
                      pthread_barrier_destroy(&barrier);
                      thread.join();
                    },
                    {"data race"}));
}

}  // namespace
}  // namespace lockstep::check
