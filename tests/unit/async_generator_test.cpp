// tests/unit/async_generator_test.cpp: what an AsyncGenerator does by itself, and for whom it waits. Where
// the rule is Python's, the comment names its place in the Python Language Reference.
#include "lockstep/async/async_generator.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "coroutines.hpp"
#include "lockstep/async/event_loop.hpp"
#include "lockstep/async/for_each.hpp"
#include "lockstep/async/sleep.hpp"
#include "lockstep/async/task.hpp"
#include "lockstep/async/thread_pool.hpp"
#include "lockstep/event.hpp"
#include "lockstep/rlock.hpp"
#include "throws.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;
using Numbers = std::vector<int>;

/// Says when it dies.
class Mourned {
 public:
  explicit Mourned(bool& died) : died_(died) {}
  Mourned(const Mourned&) = delete;
  Mourned& operator=(const Mourned&) = delete;
  ~Mourned() { died_ = true; }

 private:
  bool& died_;
};

AsyncGenerator<int> count_to(int last) {
  for (int i = 1; i <= last; ++i) co_yield i;
}

/// Lets others have a turn before each value.
AsyncGenerator<int> count_in_turns(int last) {
  for (int i = 1; i <= last; ++i) {
    co_await sleep_for(0s);
    co_yield i;
  }
}

Task<Numbers> all_of(AsyncGenerator<int> values) {
  Numbers all;
  for (auto value = co_await values.next(); value; value = co_await values.next()) {
    all.push_back(*value);
  }
  co_return all;
}

// --- next ----------------------------------------------------------------------------------------

static_assert(!std::is_copy_constructible_v<AsyncGenerator<int>>);
static_assert(!std::is_copy_assignable_v<AsyncGenerator<int>>);
static_assert(std::is_nothrow_move_constructible_v<AsyncGenerator<int>>);
static_assert(std::is_nothrow_move_assignable_v<AsyncGenerator<int>>);
static_assert(sizeof(AsyncGenerator<int>) == sizeof(void*));

TEST(AsyncGenerator, YieldsOneValueForEachNextAndThenNoneForEver) {
  run([]() -> Task<> {
    AsyncGenerator<int> numbers = count_to(2);
    EXPECT_EQ(co_await numbers.next(), 1);
    EXPECT_EQ(co_await numbers.next(), 2);
    EXPECT_EQ(co_await numbers.next(), std::nullopt);
    EXPECT_EQ(co_await numbers.next(), std::nullopt);
  }());
}

TEST(AsyncGenerator, GivesAllItsValuesToAForLoop) {
  EXPECT_EQ(run(all_of(count_to(4))), (Numbers{1, 2, 3, 4}));
  EXPECT_EQ(run(all_of(count_in_turns(4))), (Numbers{1, 2, 3, 4}));
  EXPECT_EQ(run(all_of(count_to(0))), Numbers());
}

Task<int> count_of(AsyncGenerator<int> values, int& count) {
  while (auto value = co_await values.next()) count += *value / *value;
  co_return count;
}

TEST(AsyncGenerator, GivesAllItsValuesToAWhileLoopWithNoOtherVariable) {
  int count = 0;
  EXPECT_EQ(run(count_of(count_in_turns(5), count)), 5);
}

TEST(AsyncGenerator, ExecutesNothingBeforeItIsAwaitedAndThenNoFurtherThanTheNextValue) {
  int computed = 0;
  const auto count = [&]() -> AsyncGenerator<int> {
    while (true) co_yield ++computed;
  };
  run([&]() -> Task<> {
    AsyncGenerator<int> numbers = count();
    auto next = numbers.next();
    EXPECT_EQ(computed, 0);
    static_cast<void>(co_await next);
    EXPECT_EQ(computed, 1);
    static_cast<void>(co_await numbers.next());
    EXPECT_EQ(computed, 2);
  }());
}

TEST(AsyncGenerator, LetsOthersRunWhileItWaits) {
  Numbers seen;
  const auto consume = [&](int offset) -> Task<> {
    AsyncGenerator<int> numbers = count_in_turns(3);
    for (auto value = co_await numbers.next(); value; value = co_await numbers.next()) {
      seen.push_back(offset + *value);
    }
  };
  run([&]() -> Task<> {
    Task<> first = create_task(consume(0));
    Task<> second = create_task(consume(10));
    co_await first;
    co_await second;
  }());
  EXPECT_EQ(seen, (Numbers{1, 11, 2, 12, 3, 13}));
}

TEST(AsyncGenerator, GoesOnWhereItWasAwaitedAfterAWaitOnAnotherThread) {
  const auto squares = []() -> AsyncGenerator<int> {
    for (int i = 1; i <= 3; ++i) {
      const int square = co_await to_thread([i] { return i * i; });
      co_yield square;
    }
  };
  EXPECT_EQ(run(all_of(squares())), (Numbers{1, 4, 9}));
}

TEST(AsyncGenerator, CanConsumeAnother) {
  const auto doubled = [](AsyncGenerator<int> numbers) -> AsyncGenerator<int> {
    for (auto value = co_await numbers.next(); value; value = co_await numbers.next()) {
      co_yield 2 * *value;
    }
  };
  EXPECT_EQ(run(all_of(doubled(doubled(count_in_turns(3))))), (Numbers{4, 8, 12}));
}

TEST(AsyncGenerator, EndedWhereItWasMovedFrom) {
  run([]() -> Task<> {
    AsyncGenerator<int> first = count_to(3);
    static_cast<void>(co_await first.next());
    AsyncGenerator<int> second = std::move(first);
    EXPECT_EQ(co_await first.next(), std::nullopt);
    EXPECT_EQ(co_await second.next(), 2);
    first = std::move(second);
    EXPECT_EQ(co_await first.next(), 3);
    EXPECT_EQ(co_await second.next(), std::nullopt);
  }());
}

// --- What travels --------------------------------------------------------------------------------

TEST(AsyncGenerator, MovesWhatCannotBeCopied) {
  const auto boxes = []() -> AsyncGenerator<std::unique_ptr<int>> {
    co_yield std::make_unique<int>(1);
    auto box = std::make_unique<int>(2);
    co_yield std::move(box);
    EXPECT_EQ(box, nullptr);
  };
  run([&]() -> Task<> {
    auto generator = boxes();
    const auto first = co_await generator.next();
    EXPECT_EQ(**first, 1);
    const auto second = co_await generator.next();
    EXPECT_EQ(**second, 2);
    const auto none = co_await generator.next();
    EXPECT_FALSE(none);
  }());
}

TEST(AsyncGenerator, KeepsAnObjectThatItYields) {
  const auto words = []() -> AsyncGenerator<std::string> {
    const std::string long_word(100, 'x');
    std::string other = long_word;
    co_yield long_word;
    co_yield other;
    EXPECT_EQ(other, long_word);
  };
  run([&]() -> Task<> {
    auto generator = words();
    EXPECT_EQ(co_await generator.next(), std::string(100, 'x'));
    EXPECT_EQ(co_await generator.next(), std::string(100, 'x'));
    EXPECT_EQ(co_await generator.next(), std::nullopt);
  }());
}

TEST(AsyncGenerator, OfReferencesGivesPointersToTheObjectsThemselves) {
  Numbers numbers{1, 2};
  const auto each = [&]() -> AsyncGenerator<int&> {
    for (int& number : numbers) co_yield number;
  };
  run([&]() -> Task<> {
    auto generator = each();
    for (int* at = co_await generator.next(); at != nullptr; at = co_await generator.next()) {
      *at += 10;
    }
  }());
  EXPECT_EQ(numbers, (Numbers{11, 12}));
}

// --- Exceptions ----------------------------------------------------------------------------------

TEST(AsyncGenerator, ThrowsOutOfNextAndHasEnded) {
  const auto breaks = []() -> AsyncGenerator<int> {
    co_yield 1;
    co_await sleep_for(0s);
    throw std::domain_error("broken");
  };
  run([&]() -> Task<> {
    auto generator = breaks();
    EXPECT_EQ(co_await generator.next(), 1);
    std::string caught;
    try {
      static_cast<void>(co_await generator.next());
    } catch (const std::domain_error& error) {
      caught = error.what();
    }
    EXPECT_EQ(caught, "broken");
    EXPECT_EQ(co_await generator.next(), std::nullopt);
  }());
}

// Python 6.2.9.4: "If an asynchronous generator is already running" anext raises.
TEST(AsyncGenerator, RefusesASecondNextWhileOneWaitsAndGoesOnUnharmed) {
  Event go;
  const auto waits = [&]() -> AsyncGenerator<int> {
    co_await go.async_wait();
    co_yield 7;
  };
  run([&]() -> Task<> {
    auto generator = waits();
    const auto take = [&]() -> Task<std::optional<int>> { co_return co_await generator.next(); };
    auto first = create_task(take());
    co_await sleep_for(0s);
    bool refused = false;
    try {
      static_cast<void>(co_await generator.next());
    } catch (const Error& error) {
      refused = std::string(error.what()) == "AsyncGenerator::next: generator already executing";
    }
    EXPECT_TRUE(refused);
    go.set();
    EXPECT_EQ(co_await first, 7);
    EXPECT_EQ(co_await generator.next(), std::nullopt);
  }());
}

TEST(AsyncGenerator, CannotAwaitItself) {
  AsyncGenerator<int>* self = nullptr;
  const auto awaits_itself = [&]() -> AsyncGenerator<int> {
    auto value = co_await self->next();
    co_yield *value;
  };
  auto generator = awaits_itself();
  self = &generator;
  const auto take = [&]() -> Task<> { static_cast<void>(co_await generator.next()); };
  EXPECT_TRUE(throws<Error>("AsyncGenerator::next", [&] { run(take()); }));
}

// --- In whose name it waits ------------------------------------------------------------------------

TEST(AsyncGenerator, ResumesWhereTheCoroutineThatAwaitsItsPresentValueBelongs) {
  Event first;
  Event second;
  const auto waits = [&]() -> AsyncGenerator<int> {
    co_await first.async_wait();
    co_yield 1;
    co_await second.async_wait();
    co_yield 2;
  };
  Stage one;
  Stage other;
  auto generator = waits();
  Numbers seen;
  const auto take = [&](Stage&) -> Actor {
    const auto value = co_await generator.next();
    seen.push_back(*value);
  };
  Actor first_taker = take(one);
  first.set();
  EXPECT_FALSE(one.later.empty());
  one.later.run();
  EXPECT_EQ(seen, Numbers{1});
  Actor second_taker = take(other);
  second.set();
  EXPECT_TRUE(one.later.empty());
  EXPECT_FALSE(other.later.empty());
  other.later.run();
  EXPECT_EQ(seen, (Numbers{1, 2}));
}

TEST(AsyncGenerator, IsCancelledWithTheTaskThatAwaitsIt) {
  Event never;
  bool cleaned_up = false;
  const auto waits = [&]() -> AsyncGenerator<int> {
    co_yield 1;
    try {
      co_await never.async_wait();
    } catch (const CancelledError&) {
      cleaned_up = true;
      throw;
    }
  };
  run([&]() -> Task<> {
    auto generator = waits();
    Task<> task = create_task(for_each(generator, [](int) {}));
    co_await sleep_for(0s);
    task.cancel();
    co_await sleep_for(0s);
    EXPECT_TRUE(task.done());
    EXPECT_TRUE(task.cancelled());
    EXPECT_EQ(co_await generator.next(), std::nullopt);
  }());
  EXPECT_TRUE(cleaned_up);
}

TEST(AsyncGenerator, MayYieldInAnswerToACancellation) {
  Event never;
  const auto stubborn = [&]() -> AsyncGenerator<int> {
    bool cancelled = false;
    try {
      co_await never.async_wait();
    } catch (const CancelledError&) {
      cancelled = true;
    }
    if (cancelled) co_yield -1;
  };
  run([&]() -> Task<> {
    Task<Numbers> task = create_task(all_of(stubborn()));
    co_await sleep_for(0s);
    task.cancel();
    const Numbers all = co_await task;
    EXPECT_EQ(all, Numbers{-1});
    EXPECT_FALSE(task.cancelled());
  }());
}

TEST(AsyncGenerator, OwnsWhatTheTaskThatAwaitsItOwns) {
  RLock lock;
  const auto reenters = [&]() -> AsyncGenerator<int> {
    const auto guard = co_await lock.async_scoped();
    co_await sleep_for(0s);
    co_yield 1;
  };
  run([&]() -> Task<> {
    const auto guard = co_await lock.async_scoped();
    const Numbers all = co_await all_of(reenters());
    EXPECT_EQ(all, Numbers{1});
    EXPECT_TRUE(lock.owned());
  }());
  EXPECT_FALSE(lock.locked());
}

TEST(AsyncGenerator, AwaitedByNobodyIsSomebodyWhileItExecutes) {
  RLock lock;
  Event go;
  const auto locks = [&]() -> AsyncGenerator<int> {
    for (int i = 1; i <= 2; ++i) {
      const auto guard = co_await lock.async_scoped();
      const auto again = co_await lock.async_scoped();
      co_await go.async_wait();
      EXPECT_TRUE(lock.owned());
      co_yield i;
      EXPECT_TRUE(lock.owned());
    }
  };
  Numbers seen;
  const auto take_all = [&]() -> Detached {
    auto generator = locks();
    for (auto value = co_await generator.next(); value; value = co_await generator.next()) {
      EXPECT_FALSE(lock.owned());
      seen.push_back(*value);
    }
  };
  take_all();
  EXPECT_EQ(seen, Numbers());
  go.set();
  EXPECT_EQ(seen, (Numbers{1, 2}));
  EXPECT_FALSE(lock.locked());
}

TEST(AsyncGenerator, IsWhoeverAwaitsItWhoeverDidBefore) {
  RLock lock;
  const auto locks = [&]() -> AsyncGenerator<bool> {
    while (true) {
      const bool acquired = co_await lock.async_try_acquire_for(0s);
      co_await sleep_for(0s);
      if (acquired) lock.release();
      co_yield acquired;
    }
  };
  auto generator = locks();
  std::vector<bool> acquired;
  const auto take_as_nobody = [&]() -> Detached {
    const auto value = co_await generator.next();
    acquired.push_back(*value);
  };
  const auto take_as_task = [&]() -> Task<> {
    const auto guard = co_await lock.async_scoped();  // which the generator acquires again
    const auto value = co_await generator.next();
    acquired.push_back(*value);
  };
  run(take_as_task());
  take_as_nobody();  // without a scheduler sleep_for(0s) is over at once
  run(take_as_task());
  EXPECT_EQ(acquired, (std::vector<bool>{true, true, true}));
  EXPECT_FALSE(lock.locked());
}

// --- Its end -------------------------------------------------------------------------------------

TEST(AsyncGenerator, DestroysItsVariablesIfDestroyedAtAYield) {
  bool died = false;
  const auto mourned = [&]() -> AsyncGenerator<int> {
    const Mourned local(died);
    co_yield 1;
    ADD_FAILURE() << "went on";
  };
  run([&]() -> Task<> {
    {
      auto generator = mourned();
      static_cast<void>(co_await generator.next());
      EXPECT_FALSE(died);
    }
    EXPECT_TRUE(died);
  }());
}

TEST(AsyncGenerator, IsClosedWithTheCoroutineThatAwaitsIt) {
  Event go;
  bool died = false;
  const auto mourned = [&]() -> AsyncGenerator<int> {
    const Mourned local(died);
    co_await go.async_wait();
    ADD_FAILURE() << "went on";
    co_yield 1;
  };
  Stage stage;
  auto generator = mourned();
  const auto take = [&](Stage&) -> Actor { static_cast<void>(co_await generator.next()); };
  {
    Actor taker = take(stage);
    EXPECT_FALSE(died);
  }
  EXPECT_TRUE(died);
  go.set();
  EXPECT_TRUE(stage.later.empty());
  run([&]() -> Task<> {
    const auto value = co_await generator.next();
    EXPECT_EQ(value, std::nullopt);
  }());
}

TEST(AsyncGenerator, InACoroutineThatIsDestroyedGoesWithIt) {
  Event never;
  bool died = false;
  const auto mourned = [&]() -> AsyncGenerator<int> {
    const Mourned local(died);
    co_await never.async_wait();
    co_yield 1;
  };
  Stage stage;
  const auto take = [&](Stage&) -> Actor {
    auto generator = mourned();
    static_cast<void>(co_await generator.next());
  };
  Actor taker = take(stage);
  EXPECT_FALSE(died);
  taker.destroy();
  EXPECT_TRUE(died);
}

void destroy_while_awaited() {
  Event never;
  std::optional<AsyncGenerator<int>> generator;
  generator.emplace([](Event& event) -> AsyncGenerator<int> {
    co_await event.async_wait();
    co_yield 1;
  }(never));
  Stage stage;
  const auto take = [&](Stage&) -> Actor { static_cast<void>(co_await generator->next()); };
  Actor taker = take(stage);
  generator.reset();
}

TEST(AsyncGeneratorDeathTest, DestroyedWhileItIsAwaitedEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(destroy_while_awaited(), "terminate");
}

// --- Stack ---------------------------------------------------------------------------------------

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int many = 200'000;
#else
constexpr int many = 1'000'000;
#endif

Task<long> sum_of(AsyncGenerator<int> values) {
  long sum = 0;
  for (auto value = co_await values.next(); value; value = co_await values.next()) sum += *value;
  co_return sum;
}
constexpr long expected_sum = static_cast<long>(many) * (many + 1) / 2;

TEST(AsyncGenerator, NeedsNoStackForAMillionValues) {
  EXPECT_EQ(run(sum_of(count_to(many))), expected_sum);
}

TEST(AsyncGenerator, NeedsNoStackForAMillionValuesEachOfWhichWaited) {
  EXPECT_EQ(run(sum_of(count_in_turns(many))), expected_sum);
}

TEST(AsyncGenerator, NeedsNoStackForAMillionValuesThatNobodyAwaits) {
  long sum = 0;
  const auto take_all = [&]() -> Detached {
    auto values = count_to(many);
    for (auto value = co_await values.next(); value; value = co_await values.next()) sum += *value;
  };
  take_all();
  EXPECT_EQ(sum, expected_sum);
}

// --- for_each ------------------------------------------------------------------------------------

TEST(ForEach, CallsAFunctionWithEachValue) {
  Numbers seen;
  run(for_each(count_in_turns(3), [&](int value) { seen.push_back(value); }));
  EXPECT_EQ(seen, (Numbers{1, 2, 3}));
}

TEST(ForEach, AwaitsWhatTheFunctionReturns) {
  Numbers seen;
  run(for_each(count_to(3), [&](int value) -> Task<> {
    co_await sleep_for(0s);
    seen.push_back(value);
  }));
  EXPECT_EQ(seen, (Numbers{1, 2, 3}));
}

TEST(ForEach, StopsWhenTheFunctionSaysSoAndLeavesTheRest) {
  run([]() -> Task<> {
    auto numbers = count_to(5);
    Numbers seen;
    const auto until = [&](int last) {
      return [&seen, last](int value) {
        seen.push_back(value);
        return value < last;
      };
    };
    co_await for_each(numbers, until(2));
    EXPECT_EQ(seen, (Numbers{1, 2}));
    co_await for_each(numbers, [&](int value) -> Task<bool> {
      seen.push_back(value);
      co_return value < 4;
    });
    EXPECT_EQ(seen, (Numbers{1, 2, 3, 4}));
    EXPECT_EQ(co_await numbers.next(), 5);
  }());
}

TEST(ForEach, MovesValuesIntoTheFunctionAndPassesReferences) {
  const auto boxes = []() -> AsyncGenerator<std::unique_ptr<int>> {
    co_yield std::make_unique<int>(5);
  };
  std::unique_ptr<int> kept;
  run(for_each(boxes(), [&](std::unique_ptr<int> box) { kept = std::move(box); }));
  EXPECT_EQ(*kept, 5);

  int number = 1;
  const auto itself = [&]() -> AsyncGenerator<int&> { co_yield number; };
  run(for_each(itself(), [](int& value) { ++value; }));
  EXPECT_EQ(number, 2);
}

TEST(ForEach, ThrowsWhatTheFunctionThrows) {
  EXPECT_THROW(run(for_each(count_to(3), [](int) { throw std::domain_error("no"); })),
               std::domain_error);
}

}  // namespace
}  // namespace lockstep::test
