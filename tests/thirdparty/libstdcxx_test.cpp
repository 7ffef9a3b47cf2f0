// libstdc++ as it is shipped. Code under test usually gets a copy of its bits/atomic_wait.h that looks at an atomic once
// before it sleeps, and semaphores that are POSIX's (checker/README.md, Decisions); here is the real header, with 16
// looks, and the real semaphore.
#undef _GLIBCXX_USE_POSIX_SEMAPHORE
#include LOCKSTEP_SHIPPED_ATOMIC_WAIT

#include <atomic>
#include <barrier>
#include <chrono>
#include <latch>
#include <memory>
#include <optional>
#include <semaphore>
#include <stop_token>
#include <thread>

#include "shipped.hpp"

static_assert(std::__detail::__atomic_spin_count == 16);
static_assert(std::is_same_v<std::__semaphore_impl, std::__atomic_semaphore>);

namespace shipped {
namespace {

using namespace std::chrono_literals;

// --- atomic::wait -------------------------------------------------------------------------------

template <class T, std::memory_order order>
void wait_for_a_change() {
  std::atomic<T> value{0};
  int data = 0;
  in_threads(
      [&] {
        data = 1;
        value.store(1, order);
        value.notify_one();
      },
      [&] {
        value.wait(0);
        require(data == 1);
      });
}

// An int is its own futex; for a long, the library keeps a word beside it.
TEST(AtomicWait, WakesAndShowsWhatWasBefore) {
  EXPECT_TRUE(passes(wait_for_a_change<int, std::memory_order_seq_cst>));
  EXPECT_TRUE(passes(wait_for_a_change<long, std::memory_order_seq_cst>));
}

// Who notifies looks whether anybody waits, by a load that may come before the release store: also on x86, where it is
// no more than a load, and the store may still be in the store buffer.
TEST(AtomicWait, AfterAReleaseStoreMayMissTheWaiter) {
  constexpr auto program = wait_for_a_change<int, std::memory_order_release>;
  EXPECT_TRUE(fails(Wrong::deadlock, program, {"lost wake-up"}));
  EXPECT_TRUE(fails(Wrong::deadlock, program, {"lost wake-up"}, under(MemoryModel::tso)));
  EXPECT_TRUE(passes(program, under(MemoryModel::sc)));
}

// The word beside a long is counted up by a seq_cst read-modify-write, which is enough on x86, but not by the letter.
TEST(AtomicWait, OfALongMayBeMissedOnlyByTheLetter) {
  constexpr auto program = wait_for_a_change<long, std::memory_order_release>;
  EXPECT_TRUE(fails(Wrong::deadlock, program, {"lost wake-up"}));
  EXPECT_TRUE(passes(program, under(MemoryModel::tso)));
}

void two_wait_for_one_change() {
  std::atomic<int> value{0};
  const auto wait = [&] { value.wait(0); };
  in_threads(
      [&] {
        value.store(1);
        value.notify_all();
      },
      wait, wait);
}
TEST(AtomicWait, OfTwoIsEndedByNotifyAll) { EXPECT_TRUE(passes(two_wait_for_one_change)); }

// Two longs 64 bytes apart share the library's word and its count of waiters.
void two_longs_share_a_word() {
  struct alignas(64) Line {
    std::atomic<long> value{0};
  };
  std::array<Line, 2> lines;
  const auto hand_over = [&](int i) {
    lines[i].value.store(1);
    lines[i].value.notify_one();
  };
  in_threads([&] { lines[0].value.wait(0); },
             [&] {
               hand_over(1);
               hand_over(0);
             },
             [&] { lines[1].value.wait(0); });
}
TEST(AtomicWait, OfTwoThatShareAWordDoesNotTakeTheOthersWake) {
  EXPECT_TRUE(passes(two_longs_share_a_word));
}

void ping_pong() {
  std::atomic<int> turn{0};
  int ball = 0;
  in_threads(
      [&] {
        ++ball;
        turn.store(1);
        turn.notify_one();
        turn.wait(1);
        require(ball == 2);
      },
      [&] {
        turn.wait(0);
        ++ball;
        turn.store(2);
        turn.notify_one();
      });
}
TEST(AtomicWait, GoesToAndFro) { EXPECT_TRUE(passes(ping_pong)); }

// --- Semaphores ---------------------------------------------------------------------------------

void semaphore_hand_over() {
  std::binary_semaphore semaphore(0);
  int data = 0;
  in_threads(
      [&] {
        data = 1;
        semaphore.release();
      },
      [&] {
        semaphore.acquire();
        require(data == 1);
      });
}
TEST(Semaphore, HandsOver) { EXPECT_TRUE(passes(semaphore_hand_over)); }

void semaphore_as_a_lock() {
  std::counting_semaphore<1> semaphore(1);
  int count = 0;
  const auto body = [&] {
    semaphore.acquire();
    ++count;
    semaphore.release();
  };
  in_threads(body, body);
  require(count == 2);
}

// A real bug, on every machine: GCC 104928. acquire sleeps with a value that it read before it failed 16 times; by then
// that may be the value again.
TEST(Semaphore, SleepsThoughItHasAPermit) {
  EXPECT_TRUE(fails(Wrong::deadlock, semaphore_as_a_lock, {"sleeps on the futex"}));
  EXPECT_TRUE(
      fails(Wrong::deadlock, semaphore_as_a_lock, {"sleeps on the futex"}, under(MemoryModel::sc)));
}

void semaphore_try() {
  std::counting_semaphore<1> semaphore(1);
  int inside = 0;
  const auto body = [&] {
    if (!semaphore.try_acquire()) return;
    ++inside;
    semaphore.release();
  };
  in_threads(body, body);
}
TEST(Semaphore, TriesExcludeEachOther) { EXPECT_TRUE(passes(semaphore_try)); }

// Waits with a deadline use another path, which sleeps at most until it.
void semaphore_timed() {
  std::counting_semaphore<1> semaphore(0);
  int data = 0;
  in_threads(
      [&] {
        data = 1;
        semaphore.release();
      },
      [&] {
        const auto begin = std::chrono::steady_clock::now();
        if (semaphore.try_acquire_for(1s)) {
          require(data == 1);
        } else {
          require(std::chrono::steady_clock::now() - begin >= 1s);
        }
      });
}
TEST(Semaphore, AcquiresOrIsLate) { EXPECT_TRUE(passes(semaphore_timed)); }

// --- Latch --------------------------------------------------------------------------------------

void latch_of_two() {
  std::latch latch(2);
  std::array<int, 2> values{};
  const auto body = [&](int me) {
    values[me] = 1;
    latch.arrive_and_wait();
    require(values[1 - me] == 1);
  };
  in_threads([&] { body(0); }, [&] { body(1); });
}

void one_waits_for_two() {
  std::latch latch(2);
  std::array<int, 2> values{};
  const auto body = [&](int me) {
    values[me] = 1;
    latch.count_down();
  };
  in_threads([&] { body(0); }, [&] { body(1); },
             [&] {
               latch.wait();
               require(values[0] + values[1] == 2);
             });
}

TEST(Latch, LetsAllGoOn) {
  EXPECT_TRUE(passes(latch_of_two, under(MemoryModel::tso)));
  EXPECT_TRUE(passes(one_waits_for_two, under(MemoryModel::tso)));
}

// As AtomicWait.AfterAReleaseStoreMayMissTheWaiter.
TEST(Latch, MayMissAWaiter) {
  EXPECT_TRUE(fails(Wrong::deadlock, latch_of_two, {"lost wake-up"}));
  EXPECT_TRUE(fails(Wrong::deadlock, one_waits_for_two, {"lost wake-up"}));
}

// --- Barrier ------------------------------------------------------------------------------------

template <int rounds>
void barrier_of_two() {
  int completions = 0;
  std::array<int, 2> values{};
  const auto complete = [&]() noexcept {
    require(values[0] == values[1]);
    ++completions;
  };
  std::barrier barrier(2, complete);
  const auto body = [&](int me) {
    for (int round = 1; round <= rounds; ++round) {
      ++values[me];
      barrier.arrive_and_wait();
      require(completions >= round);
    }
  };
  in_threads([&] { body(0); }, [&] { body(1); });
  require(completions == rounds);
}

void barrier_of_three() {
  int completions = 0;
  std::barrier barrier(3, [&]() noexcept { ++completions; });
  const auto body = [&] {
    barrier.arrive_and_wait();
    require(completions == 1);
  };
  in_threads(body, body, body);
}

void one_drops_out() {
  int completions = 0;
  std::barrier barrier(2, [&]() noexcept { ++completions; });
  in_threads([&] { barrier.arrive_and_drop(); },
             [&] {
               barrier.arrive_and_wait();
               require(completions == 1);
               barrier.arrive_and_wait();
               require(completions == 2);
             });
}

TEST(Barrier, KeepsRoundsApart) {
  EXPECT_TRUE(passes(barrier_of_two<1>, under(MemoryModel::tso)));
  EXPECT_TRUE(passes(one_drops_out, under(MemoryModel::tso)));
}

// As AtomicWait.AfterAReleaseStoreMayMissTheWaiter.
TEST(Barrier, MayMissAWaiter) {
  EXPECT_TRUE(fails(Wrong::deadlock, barrier_of_two<1>, {"lost wake-up"}));
}

TEST(LongBarrier, KeepsTwoRoundsApart) {
  EXPECT_TRUE(passes(barrier_of_two<2>, under(MemoryModel::tso)));
}
TEST(LongBarrier, OfThree) { EXPECT_TRUE(passes(barrier_of_three, under(MemoryModel::tso))); }

// --- stop_token ---------------------------------------------------------------------------------

void callback_and_request() {
  std::stop_source source;
  int calls = 0, before = 0;
  in_threads(
      [&] {
        before = 1;
        source.request_stop();
      },
      [&, token = source.get_token()] {
        std::optional<int> seen;
        const auto note = [&] {
          ++calls;
          require(before == 1);
          seen = 1;
        };
        {
          const std::stop_callback callback(token, note);
        }
        // Either it ran, and has ended, or it never will.
        require(seen.has_value() == (calls == 1));
      });
  require(calls <= 1);
}
TEST(StopToken, HasRunACallbackToItsEndBeforeItIsGone) {
  EXPECT_TRUE(passes(callback_and_request));
}

void two_callbacks_and_a_request() {
  std::stop_source source;
  int first = 0, second = 0;
  in_threads([&] { source.request_stop(); },
             [&] { const std::stop_callback one(source.get_token(), [&] { ++first; }); },
             [&] { const std::stop_callback two(source.get_token(), [&] { ++second; }); });
  require(first <= 1 && second <= 1);
}
TEST(StopToken, KeepsTheListOfTwoThatComeAndGo) {
  EXPECT_TRUE(finds_nothing(two_callbacks_and_a_request, at_random(20'000)));
}

void two_requests() {
  std::stop_source source;
  int calls = 0;
  const std::stop_callback callback(source.get_token(), [&] { ++calls; });
  std::array<bool, 2> won{};
  in_threads([&] { won[0] = source.request_stop(); }, [&] { won[1] = source.request_stop(); });
  require(won[0] != won[1] && calls == 1);
}
TEST(StopToken, HasOneFirstRequest) { EXPECT_TRUE(passes(two_requests)); }

void callback_that_ends_itself() {
  std::stop_source source;
  using Callback = std::stop_callback<std::function<void()>>;
  std::optional<Callback> callback;
  callback.emplace(source.get_token(), [&] { callback.reset(); });
  in_threads([&] { source.request_stop(); });
  require(!callback.has_value());
}
TEST(StopToken, LetsACallbackEndItself) { EXPECT_TRUE(passes(callback_that_ends_itself)); }

void sources_go() {
  std::optional<std::stop_source> one(std::in_place), other(*one);
  const std::stop_token token = one->get_token();
  in_threads([&] { one.reset(); }, [&] { other.reset(); });
  require(!token.stop_possible());
}
TEST(StopToken, KnowsThatNobodyCanStopItAnyMore) { EXPECT_TRUE(passes(sources_go)); }

// A real bug, of one thread: the assignment is defaulted, and does not count down the sources of what it lets go of.
void source_is_assigned_away() {
  std::stop_source source;
  const std::stop_token token = source.get_token();
  source = std::stop_source(std::nostopstate);
  require(!token.stop_possible());
}
TEST(StopToken, BelievesInASourceThatWasAssignedAnother) {
  EXPECT_TRUE(fails(Wrong::requirement, source_is_assigned_away, {"stop_possible"}));
}

// --- shared_ptr ---------------------------------------------------------------------------------

struct Counted {
  explicit Counted(int& destroyed) : destroyed_(destroyed) {}
  ~Counted() {
    require(value_ >= 0);
    ++destroyed_;
  }
  int value_ = 0;
  int& destroyed_;
};

Options with_leaks() {
  Options options = to_the_end();
  options.find_leaks = true;
  return options;
}

// What each does with the object is seen by whoever destroys it: else `destroyed` or `value_` races.
void last_of_three_destroys() {
  int destroyed = 0;
  {
    auto shared = std::make_shared<Counted>(destroyed);
    const auto body = [](std::shared_ptr<Counted> copy, int expected) {
      require(copy->value_ == expected);
    };
    in_threads([&, copy = shared]() mutable { body(std::move(copy), 0); },
               [&, copy = shared]() mutable { body(std::move(copy), 0); });
  }
  require(destroyed == 1);
}
TEST(SharedPtr, IsDestroyedOnce) { EXPECT_TRUE(passes(last_of_three_destroys, with_leaks())); }

void weak_races_with_the_last() {
  int destroyed = 0;
  {
    auto shared = std::make_shared<Counted>(destroyed);
    std::weak_ptr<Counted> weak = shared;
    in_threads(
        [mine = std::move(shared)]() mutable {
          mine->value_ = 1;
          mine.reset();
        },
        [&] {
          if (const auto locked = weak.lock()) require(locked.use_count() >= 1);
        },
        [&weak] { std::weak_ptr<Counted> other = weak; });
    require(weak.expired());
  }
  require(destroyed == 1);
}
TEST(SharedPtr, IsLockedByAWeakOneOrGone) {
  EXPECT_TRUE(passes(weak_races_with_the_last, with_leaks()));
}

struct Self : std::enable_shared_from_this<Self> {};

void shared_from_this_races() {
  auto self = std::make_shared<Self>();
  std::weak_ptr<Self> weak = self;
  in_threads([mine = std::move(self)]() mutable { mine.reset(); },
             [&] {
               if (auto locked = weak.lock()) require(locked->shared_from_this() == locked);
             });
}
TEST(SharedPtr, IsSharedFromThis) { EXPECT_TRUE(passes(shared_from_this_races, with_leaks())); }

// --- atomic<shared_ptr> -------------------------------------------------------------------------

// A real bug by C++'s rules, GCC's own and known: load reads the pointer under a lock bit, and lets go of it relaxed,
// so nothing orders that read before the next store's write.
void load_and_store() {
  std::atomic<std::shared_ptr<int>> shared{std::make_shared<int>(1)};
  in_threads([&] { shared.store(std::make_shared<int>(2)); },
             [&] {
               const std::shared_ptr<int> seen = shared.load();
               require(*seen == 1 || *seen == 2);
             });
  require(*shared.load() == 2);
}
TEST(AtomicSharedPtr, RacesWithinLoadAndStore) {
  EXPECT_TRUE(fails(Wrong::data_race, load_and_store, {"shared.load()", "is relaxed"}));
}

void two_stores() {
  std::atomic<std::shared_ptr<int>> shared;
  in_threads([&] { shared.store(std::make_shared<int>(1)); },
             [&] { shared.store(std::make_shared<int>(2)); });
  require(*shared.load() > 0);
}
TEST(AtomicSharedPtr, TakesTwoStores) { EXPECT_TRUE(passes(two_stores, with_leaks())); }

void one_of_two_exchanges() {
  std::atomic<std::shared_ptr<int>> shared;
  std::array<std::shared_ptr<int>, 2> got;
  in_threads([&] { got[0] = shared.exchange(std::make_shared<int>(1)); },
             [&] { got[1] = shared.exchange(std::make_shared<int>(2)); });
  require((got[0] == nullptr) != (got[1] == nullptr));
}
TEST(AtomicSharedPtr, ExchangesOneAfterTheOther) {
  EXPECT_TRUE(passes(one_of_two_exchanges, with_leaks()));
}

// [util.smartptr.atomic.shared]: wait returns only if it has seen another value. Here nobody changes it, so that whoever
// comes out of the wait is wrong; who stays in it is forgiven, as at the end of a main().
std::atomic<std::shared_ptr<int>> watched{std::make_shared<int>(1)};
void wait_while_another_looks() {
  std::thread([old = watched.load()] {
    watched.wait(old);
    require(false);
  }).detach();
  (void)watched.load();
}
// A real bug: the other's load flips the lock bit of the same word, and the wait takes that for the change.
TEST(AtomicSharedPtr, WaitEndsThoughNothingHasChanged) {
  Options options = to_the_end();
  options.is_whole_program = true;
  EXPECT_TRUE(fails(Wrong::requirement, wait_while_another_looks, {}, options));
}

}  // namespace
}  // namespace shipped
