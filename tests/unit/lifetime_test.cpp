// tests/unit/lifetime_test.cpp: when a primitive may be destroyed, and that it stays where it is (SEMANTICS O1-O4).
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <new>
#include <thread>
#include <type_traits>

#include "threads.hpp"
#include "withheld.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

template <class T>
class Lifetime : public testing::Test {};

TYPED_TEST_SUITE(Lifetime, EveryPrimitive, PrimitiveName);

TYPED_TEST(Lifetime, OfOneThatIsHeldMayEnd) {  // O1
  Withheld<TypeParam> thing;
  EXPECT_FALSE(thing.is_given());
}

TYPED_TEST(Lifetime,
           OfOneThatWasWaitedForInVainMayEnd) {  // O1, L7: nothing of the waiter is left in it
  auto thing = std::make_unique<Withheld<TypeParam>>();
  BlockedThread waiter([&] { EXPECT_FALSE(thing->take_for(1ms)); });
  waiter.join();
  thing.reset();
}

#ifndef NDEBUG
template <class T>
void destroy_while_somebody_waits() {
  auto* const thing = new Withheld<T>;
  BlockedThread waiter([thing] { thing->take(); });
  waiter.wait_until_asleep();
  delete thing;
}

template <class T>
class LifetimeDeathTest : public testing::Test {
 protected:
  LifetimeDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TYPED_TEST_SUITE(LifetimeDeathTest, EveryPrimitive, PrimitiveName);

TYPED_TEST(LifetimeDeathTest, MustNotEndWhileSomebodyWaits) {  // O2
  EXPECT_DEATH(destroy_while_somebody_waits<TypeParam>(), "destroyed while somebody waits");
}
#endif

/// Destroys `thing`, and leaves no byte of it as it was.
template <class T>
void obliterate(T* thing) {
  thing->~T();
  auto* const bytes = reinterpret_cast<volatile unsigned char*>(thing);
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = 0xff;
  ::operator delete(thing);
}

TYPED_TEST(Lifetime, MayBeEndedByTheOneWhoGotItWhileTheGiverIsStillInItsCall) {  // O3
  using Thing = Withheld<TypeParam>;
  constexpr int rounds = sanitized ? 2'000 : 10'000;
  std::atomic<Thing*> offered{nullptr};
  std::jthread taker([&] {
    for (int round = 0; round < rounds; ++round) {
      Thing* thing = nullptr;
      while ((thing = offered.exchange(nullptr)) == nullptr) std::this_thread::yield();
      thing->take();
      obliterate(thing);
    }
  });
  for (int round = 0; round < rounds; ++round) {
    auto* const thing = new Thing;
    offered.store(thing);
    while (offered.load() != nullptr) std::this_thread::yield();
    thing->give();
  }
}

TYPED_TEST(Lifetime, MayBeEndedByASleeperThatGotItWhileTheGiverIsStillInItsCall) {  // O3
  using Thing = Withheld<TypeParam>;
  constexpr int rounds = sanitized ? 50 : 200;
  for (int round = 0; round < rounds; ++round) {
    auto* const thing = new Thing;
    BlockedThread taker([thing] {
      thing->take();
      obliterate(thing);
    });
    taker.wait_until_asleep();
    thing->give();
  }
}

TYPED_TEST(Lifetime, StaysInOnePlace) {  // O4
  EXPECT_FALSE(std::is_copy_constructible_v<TypeParam>);
  EXPECT_FALSE(std::is_copy_assignable_v<TypeParam>);
  EXPECT_FALSE(std::is_move_constructible_v<TypeParam>);
  EXPECT_FALSE(std::is_move_assignable_v<TypeParam>);
}

TEST(EventLifetime, MayBeEndedByOneWhoOnlySawItSet) {  // O3
  constexpr int rounds = sanitized ? 2'000 : 10'000;
  std::atomic<Event*> offered{nullptr};
  std::jthread taker([&] {
    for (int round = 0; round < rounds; ++round) {
      Event* event = nullptr;
      while ((event = offered.exchange(nullptr)) == nullptr) std::this_thread::yield();
      while (!event->is_set()) std::this_thread::yield();
      obliterate(event);
    }
  });
  for (int round = 0; round < rounds; ++round) {
    auto* const event = new Event;
    offered.store(event);
    while (offered.load() != nullptr) std::this_thread::yield();
    event->set();
  }
}

}  // namespace
}  // namespace lockstep::test
