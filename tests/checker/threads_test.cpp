// Threads as programs begin, name and end them.
#include <pthread.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include "explored.hpp"

namespace lockstep::check {
namespace {

TEST(Threads, AStdThreadRunsWithItsArguments) {
  EXPECT_TRUE(passes([] {
    int sum = 0;
    std::thread([](int a, int b, int& to) { to = a + b; }, 2, 3, std::ref(sum)).join();
    require(sum == 5);
  }));
}

TEST(Threads, WhatAThreadDidIsSeenAfterItsJoin) {
  const Result result = explored([] {
    int plain = 0;
    std::thread thread([&] { plain = 1; });
    thread.join();
    require(plain == 1);
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 1u);
}

TEST(Threads, AJthreadIsAskedToStopAndJoinedWhenItGoesOutOfScope) {
  EXPECT_TRUE(passes([] {
    bool was_asked = false;
    {
      std::jthread thread([&](const std::stop_token& token) {
        while (!token.stop_requested()) {
        }
        was_asked = true;
      });
    }
    require(was_asked);
  }));
}

TEST(Threads, AStopCallbackRunsOnceWhoeverIsFirst) {
  EXPECT_TRUE(passes([] {
    std::stop_source source;
    std::atomic<int> calls{0};
    std::thread thread([&] { source.request_stop(); });
    {
      const std::stop_callback callback(source.get_token(), [&] { calls.fetch_add(1); });
      thread.join();
    }
    require(calls == 1);
  }));
}

void* doubled(void* number) {
  return reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(number) * 2);
}

TEST(Threads, PthreadJoinTellsWhatTheThreadReturned) {
  EXPECT_TRUE(passes([] {
    pthread_t thread;
    require(pthread_create(&thread, nullptr, &doubled, reinterpret_cast<void*>(21)) == 0);
    void* returned = nullptr;
    require(pthread_join(thread, &returned) == 0);
    require(reinterpret_cast<std::uintptr_t>(returned) == 42);
  }));
}

void* exits_from_within(void* destroyed) {
  struct Noted {
    int* count;
    ~Noted() { ++*count; }
  } noted{static_cast<int*>(destroyed)};
  pthread_exit(destroyed);
}

TEST(Threads, PthreadExitDestroysWhatIsOnTheStackAndTellsWhatItWasGiven) {
  EXPECT_TRUE(passes([] {
    int destroyed = 0;
    pthread_t thread;
    pthread_create(&thread, nullptr, &exits_from_within, &destroyed);
    void* told = nullptr;
    pthread_join(thread, &told);
    require(destroyed == 1 && told == &destroyed);
  }));
}

TEST(Threads, ADetachedThreadStillRunsToItsEnd) {
  const Result result = explored([] {
    const auto flag = std::make_shared<std::atomic<int>>(0);
    std::thread([flag] { flag->store(1); }).detach();
    outcome(flag->load() == 1 ? "seen" : "not yet");
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.outcomes.size(), 2u) << result;
}

TEST(Threads, AThreadMayBeCreatedDetached) {
  static std::atomic<int> done{0};
  EXPECT_TRUE(passes([] {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    const auto body = [](void*) -> void* {
      done = 1;
      return nullptr;
    };
    require(pthread_create(&thread, &attributes, body, nullptr) == 0);
    pthread_attr_destroy(&attributes);
    while (done == 0) {
    }
  }));
}

TEST(Threads, EachHasAnIdOfItsOwnThatItsCreatorKnows) {
  EXPECT_TRUE(passes([] {
    std::array<std::thread::id, 2> said;
    std::thread a([&] { said[0] = std::this_thread::get_id(); });
    std::thread b([&] { said[1] = std::this_thread::get_id(); });
    const auto known_a = a.get_id(), known_b = b.get_id();
    a.join();
    b.join();
    require(said[0] == known_a && said[1] == known_b);
    require(known_a != known_b && known_a != std::this_thread::get_id());
    require(known_b != std::this_thread::get_id());
    require(a.get_id() == std::thread::id());
  }));
}

TEST(Threads, AThreadMayCreateThreads) {
  EXPECT_TRUE(passes([] {
    std::atomic<int> sum{0};
    std::thread outer([&] {
      std::thread inner([&] {
        std::thread innermost([&] { sum.fetch_add(1, std::memory_order_relaxed); });
        innermost.join();
        sum.fetch_add(2, std::memory_order_relaxed);
      });
      inner.join();
    });
    outer.join();
    require(sum == 3);
  }));
}

TEST(Threads, AThreadMayBeJoinedByAnotherThanItsCreator) {
  EXPECT_TRUE(passes([] {
    int plain = 0;
    std::thread worker([&] { plain = 1; });
    std::thread joiner([&plain, worker = std::move(worker)]() mutable {
      worker.join();
      require(plain == 1);
    });
    joiner.join();
    require(plain == 1);
  }));
}

/// The first thread is one of them.
Program with_threads(std::size_t count) {
  return [count] {
    std::vector<int> plain(count);
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < count; ++i) threads.emplace_back([&plain, i] { plain[i] = 1; });
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 1; i < count; ++i) require(plain[i] == 1);
  };
}

TEST(Threads, ThirtyTwoAreNotTooMany) { EXPECT_TRUE(passes(with_threads(32))); }

TEST(Threads, ThirtyThreeAreRefused) {
  EXPECT_TRUE(is_refused(with_threads(33),
                         {"more than 32 threads in one execution", "explore with fewer"}));
}

TEST(Threads, EachHasItsOwnErrno) {
  EXPECT_TRUE(passes([] {
    std::atomic<int> turn{0};
    const auto body = [&](int mine) {
      errno = mine;
      turn.fetch_add(1);
      require(errno == mine);
    };
    std::thread other(body, ENOENT);
    body(EINVAL);
    other.join();
  }));
}

TEST(Threads, YieldingIsNoEventOfItsOwn) {
  const auto program = [](bool yields) {
    return [yields] {
      std::atomic<int> x{0};
      std::thread thread([&] {
        if (yields) std::this_thread::yield();
        x = 1;
      });
      if (yields) std::this_thread::yield();
      while (x == 0) {
        if (yields) std::this_thread::yield();
      }
      thread.join();
    };
  };
  const Result plain = explored(program(false)), yielding = explored(program(true));
  EXPECT_TRUE(plain.passed()) << plain;
  EXPECT_TRUE(yielding.passed()) << yielding;
  EXPECT_EQ(plain.executions, yielding.executions);
}

}  // namespace
}  // namespace lockstep::check
