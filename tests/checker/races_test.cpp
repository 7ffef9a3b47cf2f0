// A data race is two accesses to the same bytes, one of them a write, one of them not atomic, and nothing
// that orders them.
#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

TEST(Races, TwoWrites) {
  const Program program = [] {
    int x = 0;
    std::thread thread([&] { x = 1; });
    x = 2;
    thread.join();
  };
  const std::string first = "thread 0 writes  " + LINE_OF("x = 2;"),
                    second = "thread 1 writes  " + LINE_OF("x = 1;");
  EXPECT_TRUE(fails(Wrong::data_race, program, {"data race", "(4 bytes)", first, second}));
}

TEST(Races, AWriteAndARead) {
  int seen = 0;
  const Program program = [&] {
    int x = 0;
    std::thread thread([&] { seen = x; });
    x = 2;
    thread.join();
  };
  const std::string write = "thread 0 writes  " + LINE_OF("x = 2;"),
                    read = "thread 1 reads   " + LINE_OF("seen = x;");
  EXPECT_TRUE(fails(Wrong::data_race, program, {write, read}));
}

TEST(Races, AReadAndAWriteThatComesLater) {
  const Program program = [] {
    int x = 0;
    std::atomic<bool> is_read{false};
    std::thread thread([&] {
      require(x < 2);
      is_read.store(true, relaxed);
    });
    if (is_read.load(relaxed)) x = 2;
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::data_race, program,
                    {"thread 1 reads", LINE_OF("require(x < 2);"), "thread 0 writes",
                     LINE_OF("if (is_read.load(relaxed)) x = 2;")}));
}

TEST(Races, TwoReadsAreNone) {
  EXPECT_TRUE(passes([] {
    const auto x = std::make_unique<int>(1);
    std::thread thread([&] { require(*x == 1); });
    require(*x == 1);
    thread.join();
  }));
}

/// The payload is written, and then with this order a flag; the other side sees the flag with that one.
Program message_passing(std::memory_order store, std::memory_order load) {
  return [=] {
    int payload = 0;
    std::atomic<bool> ready{false};
    std::thread producer([&] {
      payload = 42;
      ready.store(true, store);
    });
    if (ready.load(load)) require(payload == 42);
    producer.join();
  };
}

TEST(Races, AReleaseThatIsAcquiredOrders) {
  EXPECT_TRUE(passes(message_passing(std::memory_order_release, std::memory_order_acquire)));
  EXPECT_TRUE(passes(message_passing(std::memory_order_seq_cst, std::memory_order_seq_cst)));
}

TEST(Races, RelaxedOnEitherSideOrdersNothing) {
  const auto is_race = [](std::memory_order store, std::memory_order load) {
    return fails(Wrong::data_race, message_passing(store, load),
                 {"thread 1 writes", "thread 0 reads", "Why nothing orders them"});
  };
  EXPECT_TRUE(is_race(relaxed, std::memory_order_acquire));
  EXPECT_TRUE(is_race(std::memory_order_release, relaxed));
  EXPECT_TRUE(is_race(relaxed, relaxed));
}

// Atomic on one side only

TEST(Races, APlainWriteAndAnAtomicReadAfterIt) {
  const Program program = [] {
    int x = 0;
    std::thread thread([&] { (void)std::atomic_ref<int>(x).load(); });
    x = 1;
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::data_race, program,
                    {"thread 0 writes", "thread 1 loads atomically", LINE_OF("x = 1;")}));
}

TEST(Races, AnAtomicWriteAndAPlainReadAfterIt) {
  const Program program = [] {
    int x = 0;
    std::atomic<bool> go{false};
    std::thread thread([&] {
      std::atomic_ref<int>(x).store(1);
      go.store(true, relaxed);
    });
    if (go.load(relaxed)) require(x < 2);
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::data_race, program,
                    {"thread 1 stores atomically", "thread 0 reads",
                     LINE_OF("if (go.load(relaxed)) require(x < 2);")}));
}

TEST(Races, APlainReadAndAnAtomicWriteAfterIt) {
  const Program program = [] {
    int x = 0;
    std::thread thread([&] { std::atomic_ref<int>(x).store(1); });
    require(x < 2);
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::data_race, program,
                    {"thread 0 reads", LINE_OF("require(x < 2);"), "thread 1 stores atomically"}));
}

TEST(Races, APlainWriteAndAnUpdate) {
  const Program program = [] {
    int x = 0;
    std::thread thread([&] { std::atomic_ref<int>(x).fetch_add(1); });
    x = 5;
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::data_race, program,
                    {"thread 0 writes", LINE_OF("x = 5;"), "thread 1 updates atomically"}));
}

TEST(Races, APlainReadAndAnAtomicReadAreNone) {
  EXPECT_TRUE(passes([] {
    int x = 1;
    std::thread thread([&] { require(std::atomic_ref<int>(x).load() == 1); });
    require(x == 1);
    thread.join();
  }));
}

}  // namespace
}  // namespace lockstep::check
