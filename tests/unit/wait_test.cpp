// Specifies wait/queue.hpp: "queued" and "nothing to take" become true in one step, and the fate of
// each waiter is decided exactly once, by whoever takes it out. (What waits: waiter_test.cpp. What
// permits are: permits_test.cpp.)

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>
#include <vector>

#include "lockstep/os/spin.hpp"
#include "lockstep/wait/deadline.hpp"
#include "lockstep/wait/queue.hpp"
#include "lockstep/wait/waiter.hpp"
#include "note.hpp"

namespace {

using namespace std::chrono_literals;
using lockstep::test::Note;
using lockstep::wait::CancelOnStop;
using lockstep::wait::Deadline;
using lockstep::wait::Fate;
using lockstep::wait::ThreadWaiter;
using lockstep::wait::Waiter;
using lockstep::wait::WaitList;
using lockstep::wait::WaitQueue;
using lockstep::wait::Word;

/// Puts `waiter` at the back, whatever the word is.
void enqueue(WaitQueue& queue, Waiter& waiter) {
  queue.take_guard();
  queue.push_back(waiter);
  queue.drop_guard();
}

/// Takes the oldest out and tells it `fate`. False: there is none.
bool serve_oldest(WaitQueue& queue, Fate fate) {
  queue.take_guard();
  Waiter* const oldest = queue.empty() ? nullptr : &queue.pop_front();
  queue.drop_guard();
  if (oldest != nullptr) oldest->wake(fate);
  return oldest != nullptr;
}

constexpr Word available_bit = 4;

/// Queues `waiter` unless the word says that there is something to take.
bool queue_up(WaitQueue& queue, Waiter& waiter, WaitQueue::End end = WaitQueue::End::back) {
  return queue.queue_up(
      waiter, end, [](Word seen) { return (seen & available_bit) != 0; },
      [](Word seen, bool queued) { return queued ? seen : seen & ~available_bit; });
}

// One thread

TEST(WaitQueue, ItsWordSaysWhetherAnybodyIsQueued) {
  WaitQueue queue{0};
  Note note;
  EXPECT_EQ(queue.word, 0u);
  EXPECT_TRUE(queue_up(queue, note));
  EXPECT_EQ(queue.word, WaitQueue::queued_bit);
  EXPECT_TRUE(queue.withdraw(note));
  EXPECT_EQ(queue.word, 0u);
}

TEST(WaitQueue, NobodyIsQueuedWhileThereIsSomethingToTake) {
  WaitQueue queue{available_bit};
  Note note;
  EXPECT_FALSE(queue_up(queue, note));
  EXPECT_EQ(queue.word, 0u) << "it took it in the same step";
  EXPECT_FALSE(queue.withdraw(note));
}

TEST(WaitQueue, TheWordChangesInTheStepThatQueuesOrTakes) {
  const auto count = [](Word seen, bool queued) { return seen + (queued ? 1 : 256); };
  WaitQueue queue{0};
  Note note;
  Note other;
  EXPECT_TRUE(queue.queue_up(note, WaitQueue::End::back, [](Word) { return false; }, count));
  EXPECT_EQ(queue.word, WaitQueue::queued_bit | 1);
  EXPECT_FALSE(queue.queue_up(other, WaitQueue::End::back, [](Word) { return true; }, count));
  EXPECT_EQ(queue.word, WaitQueue::queued_bit | 257);
  EXPECT_TRUE(queue.withdraw(note));
}

TEST(WaitQueue, OneQueuedInFrontIsServedBeforeTheOthers) {
  WaitQueue queue{0};
  Note first;
  Note second;
  Note returned;
  EXPECT_TRUE(queue_up(queue, first));
  EXPECT_TRUE(queue_up(queue, second));
  EXPECT_TRUE(queue_up(queue, returned, WaitQueue::End::front));
  for (Note* const expected : {&returned, &first, &second}) {
    ASSERT_TRUE(serve_oldest(queue, Fate::granted));
    EXPECT_EQ(expected->fate, Fate::granted);
  }
}

TEST(WaitQueue, WithdrawingChangesTheWordOnlyForOneWhoseFateIsOpen) {
  constexpr Word weight = 256;
  WaitQueue queue{2 * weight};
  Note note;
  note.weight = weight;
  enqueue(queue, note);
  EXPECT_TRUE(queue.withdraw(note));
  EXPECT_EQ(queue.word, weight);
  EXPECT_FALSE(queue.withdraw(note));
  EXPECT_EQ(queue.word, weight);
}

TEST(WaitQueue, OneThatWasAdoptedCannotWithdraw) {  // SEMANTICS CO6, A5: its fate is decided
  WaitQueue from{0};
  WaitQueue to{0};
  Note note;
  enqueue(from, note);
  WaitList moved;
  from.take_guard();
  moved.push_back(from.pop_front());
  from.drop_guard();
  to.take_guard();
  to.adopt(moved);
  to.drop_guard();
  EXPECT_FALSE(from.withdraw(note));
  EXPECT_FALSE(to.withdraw(note));
  EXPECT_TRUE(serve_oldest(to, Fate::granted));
  EXPECT_EQ(note.wakes, 1);
}

TEST(WaitQueue, ChangesOfTheWordByOthersSurviveTheGuard) {
  WaitQueue queue{0};
  queue.take_guard();
  queue.word.fetch_or(available_bit);
  queue.drop_guard();
  EXPECT_EQ(queue.word, available_bit);
}

TEST(WaitQueue, ASleepThatTimesOutLeavesTheQueue) {
  WaitQueue queue{0};
  ThreadWaiter self;
  ASSERT_TRUE(queue_up(queue, self));
  Deadline deadline = Deadline::after(1ms);
  EXPECT_EQ(queue.sleep(self, deadline), Fate::undecided);
  EXPECT_EQ(queue.word, 0u);
}

TEST(WaitQueue, AGrantThatMeetsAPassedDeadlineWins) {  // T10, A5
  WaitQueue queue{0};
  ThreadWaiter self;
  enqueue(queue, self);
  ASSERT_TRUE(serve_oldest(queue, Fate::granted));
  Deadline past = Deadline::after(-1s);
  EXPECT_EQ(queue.sleep(self, past), Fate::granted);
}

// Many threads

TEST(WaitQueue, EachFateIsDecidedExactlyOnce) {  // U14: granted on one thread, withdrawn on another
  constexpr int rounds = 20'000;
  WaitQueue queue{0};
  std::atomic<bool> over{false};
  std::jthread server([&] {
    while (!over) serve_oldest(queue, Fate::granted);
  });
  int withdrawn = 0;
  for (int i = 0; i < rounds; ++i) {
    Note note;
    enqueue(queue, note);
    for (int spins = i % 64; spins > 0; --spins) lockstep::os::pause();
    if (queue.withdraw(note)) {
      ++withdrawn;
      ASSERT_EQ(note.wakes, 0);
    } else {
      while (note.wakes == 0) std::this_thread::yield();
      ASSERT_EQ(note.fate, Fate::granted);
      ASSERT_EQ(note.wakes, 1);
    }
  }
  over = true;
  RecordProperty("withdrawn", withdrawn);
}

TEST(WaitQueue, ManyThreadsQueueAndLeaveWithoutLosingAnybody) {
  constexpr int threads = 4;
  constexpr int rounds = 5'000;
  WaitQueue queue{0};
  std::atomic<int> granted{0};
  std::atomic<int> left{0};
  std::atomic<int> served{0};
  std::atomic<int> running{threads};
  {
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t) {
      workers.emplace_back([&] {
        for (int i = 0; i < rounds; ++i) {
          ThreadWaiter self;
          enqueue(queue, self);
          Deadline soon = Deadline::after(std::chrono::microseconds(i % 50));
          ++(queue.sleep(self, soon) == Fate::granted ? granted : left);
        }
        --running;
      });
    }
    while (running != 0) {
      if (serve_oldest(queue, Fate::granted)) ++served;
    }
  }
  EXPECT_EQ(granted, served);
  EXPECT_EQ(granted + left, threads * rounds);
  EXPECT_EQ(queue.word, 0u);
}

#ifndef NDEBUG
TEST(WaitQueueDeathTest, ItIsDestroyedWithoutWaitersOnly) {  // O2
  const auto destroy_with_waiter = [] {
    Note note;
    WaitQueue queue{0};
    enqueue(queue, note);
  };
  EXPECT_DEATH(destroy_with_waiter(), "destroyed while somebody waits");
}
#endif

// Stop requests

TEST(CancelOnStop, AStopRequestTakesTheWaiterOutAndTellsIt) {
  constexpr Word weight = 256;
  WaitQueue queue{weight};
  Note note;
  note.weight = weight;
  enqueue(queue, note);
  std::stop_source source;
  const CancelOnStop on_stop(source.get_token(), queue, note);
  EXPECT_EQ(note.wakes, 0);
  source.request_stop();
  EXPECT_EQ(note.fate, Fate::cancelled);
  EXPECT_EQ(note.wakes, 1);
  EXPECT_EQ(queue.word, 0u);
}

TEST(CancelOnStop, AStopThatWasRequestedBeforeCounts) {
  WaitQueue queue{0};
  Note note;
  enqueue(queue, note);
  std::stop_source source;
  source.request_stop();
  const CancelOnStop on_stop(source.get_token(), queue, note);
  EXPECT_EQ(note.fate, Fate::cancelled);
}

TEST(CancelOnStop, AStopRequestAfterTheGrantChangesNothing) {  // A5: the grant wins
  WaitQueue queue{0};
  Note note;
  enqueue(queue, note);
  std::stop_source source;
  const CancelOnStop on_stop(source.get_token(), queue, note);
  ASSERT_TRUE(serve_oldest(queue, Fate::granted));
  source.request_stop();
  EXPECT_EQ(note.fate, Fate::granted);
  EXPECT_EQ(note.wakes, 1);
}

TEST(CancelOnStop, AStopRequestAfterItsEndChangesNothing) {
  WaitQueue queue{0};
  Note note;
  enqueue(queue, note);
  std::stop_source source;
  {
    const CancelOnStop on_stop(source.get_token(), queue, note);
  }
  source.request_stop();
  EXPECT_EQ(note.wakes, 0);
  EXPECT_TRUE(queue.withdraw(note));
}

}  // namespace
