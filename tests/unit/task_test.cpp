// tests/unit/task_test.cpp: what a Task is, lazily and as one of a loop's.
// Cancelling: cancel_test.cpp.
#include "lockstep/async/task.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <coroutine>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "coroutines.hpp"
#include "lockstep/async/event_loop.hpp"
#include "lockstep/async/sleep.hpp"
#include "lockstep/condition.hpp"
#include "lockstep/event.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/rlock.hpp"
#include "threads.hpp"
#include "throws.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

static_assert(!std::is_copy_constructible_v<Task<int>>);
static_assert(std::is_nothrow_move_constructible_v<Task<int>>);
static_assert(sizeof(Task<int>) <= 16);

Task<int> just(int value) { co_return value; }

Task<> note(bool& noted) {
  noted = true;
  co_return;
}

Task<int> throwing() {
  throw std::runtime_error("thrown");
  co_return 0;
}

/// Says when it is destroyed.
struct Grave {
  explicit Grave(bool& dug) : dug(&dug) {}
  Grave(Grave&& other) noexcept : dug(std::exchange(other.dug, nullptr)) {}
  ~Grave() {
    if (dug != nullptr) *dug = true;
  }
  bool* dug;
};

Task<> wait_with(Event& event, Grave) { co_await event.async_wait(); }

// --- Lazy ----------------------------------------------------------------------------------------

TEST(Task, DoesNotBeginBeforeItIsAwaited) {
  bool begun = false;
  auto outer = [&]() -> Task<> {
    Task<> task = note(begun);
    EXPECT_FALSE(begun);
    co_await task;
    EXPECT_TRUE(begun);
  };
  run(outer());
}

TEST(Task, ThatIsDroppedBeforeItBeganNeverRunsAndDropsItsArguments) {
  bool dug = false;
  Event event;
  {
    const Task<> task = wait_with(event, Grave(dug));
  }
  EXPECT_TRUE(dug);
}

TEST(Task, GivesValuesReferencesAndWhatCanOnlyBeMoved) {
  int there = 1;
  auto reference = [&]() -> Task<int&> { co_return there; };
  auto pointer = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(3); };
  auto outer = [&]() -> Task<> {
    int& got = co_await reference();
    EXPECT_EQ(&got, &there);
    const auto owned = co_await pointer();
    EXPECT_EQ(*owned, 3);
    const int value = co_await just(4);
    EXPECT_EQ(value, 4);
  };
  run(outer());
}

TEST(Task, ThrowsWhatItsBodyThrew) {
  auto outer = []() -> Task<std::string> {
    std::string said;
    try {
      co_await throwing();
    } catch (const std::runtime_error& error) {
      said = error.what();
    }
    co_return said;
  };
  EXPECT_EQ(run(outer()), "thrown");
}

TEST(Task, CanBeAwaitedOnceIfItWasLazy) {
  auto outer = []() -> Task<> {
    Task<int> task = just(1);
    co_await task;
    EXPECT_FALSE(task.valid());
    bool refused = false;
    try {
      co_await task;
    } catch (const InvalidStateError&) {
      refused = true;
    }
    EXPECT_TRUE(refused);
  };
  run(outer());
}

TEST(Task, ThatIsLazyHasNoState) {
  const Task<int> task = just(1);
  EXPECT_TRUE((throws<InvalidStateError>("Task::done", [&] { static_cast<void>(task.done()); })));
  EXPECT_TRUE((throws<InvalidStateError>("Task::result", [&] { task.result(); })));
}

// --- From coroutines of other types --------------------------------------------------------------

Detached await_into(Task<int> task, int& got) { got = co_await task; }

TEST(Task, IsAwaitedFromACoroutineOfAnyType) {
  int got = 0;
  await_into(just(5), got);
  EXPECT_EQ(got, 5);
}

TEST(Task, AwaitedFromAnyTypeGoesOnWhereItIsWoken) {
  Event event;
  auto body = [&]() -> Task<int> {
    co_await event.async_wait();
    co_return 6;
  };
  int got = 0;
  await_into(body(), got);
  EXPECT_EQ(got, 0);
  event.set();
  EXPECT_EQ(got, 6);
}

struct OffersLaterByHandle {
  explicit OffersLaterByHandle(LaterByHandle& later) noexcept : later_(&later) {}
  LaterByHandle& scheduler() noexcept { return *later_; }
  LaterByHandle* later_;
};

TEST(Task, MayBeDestroyedWithTheOneThatAwaitsItByOneThatItWakes) {  // asan
  LaterByHandle later;
  Event begin;
  Lock lock;
  BasicCondition<Lock> condition(lock);
  std::optional<Owned<OffersLaterByHandle>> awaiting;
  auto destroys = [&](int) -> Detached {
    co_await lock.async_acquire();
    awaiting.reset();
    lock.release();
  };
  auto waits = [&]() -> Task<> {
    const auto guard = co_await lock.async_scoped();
    destroys(0);
    co_await condition.async_wait();
    ADD_FAILURE();
  };
  auto body = [&](LaterByHandle&) -> Owned<OffersLaterByHandle> {
    co_await begin.async_wait();
    co_await waits();
  };
  awaiting.emplace(body(later));
  begin.set();
  later.run();
  EXPECT_FALSE(awaiting.has_value());
  EXPECT_FALSE(lock.locked());
}

TEST(Task, IsAnOwnerByItselfIfTheOneThatAwaitsIsNone) {
  RLock lock;
  Event event;
  auto body = [&]() -> Task<int> {
    const Owner before = Owner::current();
    auto outer = co_await lock.async_scoped();
    co_await event.async_wait();
    auto inner = co_await lock.async_scoped();
    EXPECT_EQ(Owner::current(), before);
    EXPECT_EQ(lock.depth(), 2U);
    co_return 1;
  };
  int got = 0;
  await_into(body(), got);
  EXPECT_FALSE(lock.owned());
  EXPECT_TRUE(lock.locked());
  event.set();
  EXPECT_EQ(got, 1);
  EXPECT_FALSE(lock.locked());
}

Detached who_is_it_after(Task<int> task, Owner& owner) {
  co_await task;
  owner = Owner::current();
}

TEST(Task, LeavesTheOneThatAwaitsItWithoutIdentityAsItWas) {
  Event event;
  auto body = [&]() -> Task<int> {
    co_await event.async_wait();
    co_return 1;
  };
  Owner at_once;
  Owner later;
  who_is_it_after(just(1), at_once);
  who_is_it_after(body(), later);
  event.set();
  EXPECT_EQ(at_once, Owner::current());
  EXPECT_EQ(later, Owner::current());
}

TEST(Task, AwaitedByATaskIsTheSameOwner) {
  RLock lock;
  auto inner = [&]() -> Task<std::size_t> {
    auto guard = co_await lock.async_scoped();
    co_return lock.depth();
  };
  auto outer = [&]() -> Task<std::size_t> {
    auto guard = co_await lock.async_scoped();
    co_return co_await inner();
  };
  EXPECT_EQ(run(outer()), 2U);
}

TEST(Task, OfALoopIsAnOwnerOfItsOwn) {
  RLock lock;
  auto other = [&]() -> Task<bool> { co_return lock.try_acquire(); };
  auto outer = [&]() -> Task<bool> {
    auto guard = co_await lock.async_scoped();
    co_return co_await create_task(other());
  };
  EXPECT_FALSE(run(outer()));
}

// --- Stack ---------------------------------------------------------------------------------------

constexpr int many = sanitized ? 200'000 : 1'000'000;

Task<long> sum_of(int count) {
  long sum = 0;
  for (int i = 0; i < count; ++i) sum += co_await just(1);
  co_return sum;
}

TEST(Task, AwaitsAMillionReadyOnesInConstantStack) { EXPECT_EQ(run(sum_of(many)), many); }

Detached sum_into(int count, long& got) {
  long sum = 0;
  for (int i = 0; i < count; ++i) sum += co_await just(1);
  got = sum;
}

TEST(Task, IsAwaitedByACoroutineOfAnyTypeAMillionTimesInConstantStack) {
  long got = 0;
  sum_into(many, got);
  EXPECT_EQ(got, many);
}

Task<int> yielding() {
  co_await sleep_for(0s);
  co_return 1;
}

Task<long> sum_of_yielding(int count) {
  long sum = 0;
  for (int i = 0; i < count; ++i) sum += co_await yielding();
  co_return sum;
}

TEST(Task, AwaitsAMillionThatSuspendInConstantStack) {
  EXPECT_EQ(run(sum_of_yielding(many / 10)), many / 10);
}

Task<int> depth_of(int below) {
  if (below == 0) co_return 0;
  const int depth = co_await depth_of(below - 1);
  co_return depth + 1;
}

TEST(Task, NestsAsDeepAsMemoryAllowsWhereTheCompilerMakesTailCalls) {
  if (!async::makes_tail_calls) GTEST_SKIP() << "no tail calls";
  EXPECT_EQ(run(depth_of(100'000)), 100'000);
}

// --- One of a loop's -----------------------------------------------------------------------------

TEST(RunningTask, DoesNotBeginBeforeItsCreatorWaits) {  // EXAMPLES 42
  auto outer = []() -> Task<> {
    bool begun = false;
    Task<> task = create_task(note(begun));
    EXPECT_FALSE(begun);
    EXPECT_FALSE(task.done());
    co_await task;
    EXPECT_TRUE(begun);
    EXPECT_TRUE(task.done());
  };
  run(outer());
}

TEST(RunningTask, HasNoResultBeforeItIsDone) {
  auto outer = []() -> Task<> {
    Task<int> task = create_task(just(1));
    EXPECT_TRUE((throws<InvalidStateError>("Task::result", [&] { task.result(); })));
    EXPECT_TRUE((throws<InvalidStateError>("Task::exception",
                                           [&] { static_cast<void>(task.exception()); })));
    co_await task;
    EXPECT_EQ(task.result(), 1);
    EXPECT_EQ(task.exception(), nullptr);
    EXPECT_FALSE(task.cancelled());
  };
  run(outer());
}

TEST(RunningTask, KeepsItsExceptionForEachThatAsks) {
  auto outer = []() -> Task<int> {
    Task<int> task = create_task(throwing());
    int caught = 0;
    for (int i = 0; i < 2; ++i) {
      try {
        co_await task;
      } catch (const std::runtime_error&) {
        ++caught;
      }
    }
    EXPECT_THROW(task.result(), std::runtime_error);
    EXPECT_NE(task.exception(), nullptr);
    co_return caught;
  };
  EXPECT_EQ(run(outer()), 2);
}

TEST(RunningTask, IsAwaitedByManyAndGivesEachACopy) {
  auto text = []() -> Task<std::string> {
    co_await sleep_for(0s);
    co_return std::string(100, 'x');
  };
  auto reader = [](Task<std::string>& task) -> Task<std::size_t> {
    const std::string got = co_await task;
    co_return got.size();
  };
  auto outer = [&]() -> Task<std::size_t> {
    Task<std::string> task = create_task(text());
    Task<std::size_t> a = create_task(reader(task));
    Task<std::size_t> b = create_task(reader(task));
    const std::size_t first = co_await a;
    const std::size_t second = co_await b;
    co_return first + second + task.result().size();
  };
  EXPECT_EQ(run(outer()), 300U);
}

TEST(RunningTask, GivesOnceWhatCannotBeCopied) {
  auto pointer = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(3); };
  auto outer = [&]() -> Task<> {
    Task<std::unique_ptr<int>> task = create_task(pointer());
    const auto first = co_await task;
    EXPECT_EQ(*first, 3);
    EXPECT_THROW(static_cast<void>(task.result()), InvalidStateError);
  };
  run(outer());
}

TEST(RunningTask, WhoseHandleIsDroppedGoesOn) {
  bool noted = false;
  auto outer = [&]() -> Task<> {
    static_cast<void>(create_task(note(noted)));
    co_await sleep_for(0s);
  };
  run(outer());
  EXPECT_TRUE(noted);
}

TEST(RunningTask, HasDroppedItsArgumentsBeforeItIsSeenDone) {
  bool dug = false;
  auto outer = [&]() -> Task<> {
    Event event;
    Task<> task = create_task(wait_with(event, Grave(dug)));
    co_await sleep_for(0s);
    EXPECT_FALSE(dug);
    event.set();
    co_await task;
    EXPECT_TRUE(dug);
  };
  run(outer());
}

TEST(RunningTask, IsWaitedForByThreadsAndByCoroutinesElsewhere) {
  Event event;
  auto body = [&]() -> Task<int> {
    co_await event.async_wait();
    co_return 7;
  };
  EventLoop loop;
  Task<int> task = loop.create_task(body());
  int awaited = 0;
  auto elsewhere = [&]() -> Detached { awaited = co_await task; };
  elsewhere();
  BlockedThread thread([&] {
    task.wait();
    EXPECT_EQ(task.result(), 7);
  });
  thread.wait_until_asleep();
  EXPECT_FALSE(task.wait_for(0s));
  std::jthread runner([&] { EXPECT_EQ(loop.run_until_complete(task), 7); });
  event.set();
  thread.join();
  runner.join();
  EXPECT_EQ(awaited, 7);
  EXPECT_TRUE(task.wait_for(0s));
}

TEST(RunningTask, IsAwaitedFromATaskOfAnotherLoop) {
  EventLoop loop;
  Event event;
  auto body = [&]() -> Task<int> {
    co_await event.async_wait();
    co_return 8;
  };
  Task<int> task = loop.create_task(body());
  auto outer = [&]() -> Task<int> {
    const std::thread::id here = std::this_thread::get_id();
    event.set();
    const int got = co_await task;
    EXPECT_EQ(std::this_thread::get_id(), here);
    co_return got;
  };
  std::jthread other([&] { EXPECT_EQ(run(outer()), 8); });
  loop.run_until_complete(task);
}

TEST(RunningTask, ThatOthersAwaitMayBeDestroyedWithItsLoop) {
  bool dug = false;
  bool cancelled = false;
  Event event;
  std::optional<EventLoop> loop(std::in_place);
  Task<> task = loop->create_task(wait_with(event, Grave(dug)));
  auto elsewhere = [&]() -> Detached {
    try {
      co_await task;
    } catch (const CancelledError&) {
      cancelled = true;
    }
  };
  elsewhere();
  loop->stop();
  loop->run_forever();
  EXPECT_FALSE(dug);
  loop.reset();
  EXPECT_TRUE(dug);
  EXPECT_TRUE(cancelled);
  EXPECT_TRUE(task.cancelled());
}

}  // namespace
}  // namespace lockstep::test
