// tests/report/why_test.cpp: what a report says of why threads wait, and of old values.
#include "checker/report/why.hpp"

#include <gtest/gtest.h>

#include <string>

#include "story.hpp"

namespace lockstep::check {
namespace {

bool says(const Story& story, const std::string& what) {
  return story.text().find(what) != std::string::npos;
}

Waiting& wait_for(Story& story, std::size_t thread, std::uintptr_t object, std::size_t holder,
                  EventId since) {
  story.wait(thread, "waits for the mutex", 30);
  Waiting& waiting = story.finding.waiting.back();
  waiting.object = object;
  waiting.name = object == 0x1 ? "a" : "b";
  waiting.holder = holder;
  waiting.held_since = since;
  return waiting;
}

Story two_mutexes() {
  Story story(Wrong::deadlock, "deadlock");
  story.create(2);
  const EventId first = story.update(1, Story::lock, {}, 1, Order::acquire, 11, "locks");
  const EventId second = story.update(2, Story::ready, {}, 1, Order::acquire, 12, "locks");
  story.wait(0, "waits for the end of thread 1", 29);
  story.finding.waiting.back().joined = 1;
  wait_for(story, 1, 0x2, 2, second);
  wait_for(story, 2, 0x1, 1, first);
  return story;
}

TEST(Why, TwoThreadsThatHaveWhatTheOtherWantsAreACircle) {
  const Story story = two_mutexes();
  EXPECT_TRUE(says(story,
                   "each waits for the next, and the last for the first:\n"
                   "  thread 1 wants b, which thread 2 has since #4;\n"
                   "  thread 2 wants a, which thread 1 has since #3.\n"))
      << story.text();
}

TEST(Why, WhoOnlyWaitsForThoseInACircleIsNotPartOfIt) {
  EXPECT_FALSE(says(two_mutexes(), "thread 0 (main) wants"));
  EXPECT_FALSE(says(two_mutexes(), "thread 0 (main) waits for the end of thread 1;"));
}

TEST(Why, AJoinCanBePartOfACircle) {
  Story story(Wrong::deadlock, "deadlock");
  story.create(1);
  const EventId held = story.update(0, Story::lock, {}, 1, Order::acquire, 11, "locks");
  wait_for(story, 1, 0x1, 0, held);
  story.wait(0, "waits for the end of thread 1", 29);
  story.finding.waiting.back().joined = 1;
  EXPECT_TRUE(says(story, "  thread 0 (main) waits for the end of thread 1.\n")) << story.text();
  EXPECT_TRUE(says(story, "  thread 1 wants a, which thread 0 (main) has since #2;\n"))
      << story.text();
}

TEST(Why, AThreadThatLocksTwiceWaitsForItself) {
  Story story(Wrong::deadlock, "deadlock");
  const EventId held = story.update(0, Story::lock, {}, 1, Order::acquire, 11, "locks");
  wait_for(story, 0, 0x1, 0, held);
  EXPECT_TRUE(says(story, "the thread waits for itself:\n  thread 0 (main) wants a, which"))
      << story.text();
}

TEST(Why, ASleeperThatNobodyWakesIsNamedWithTheWakeThatItMissed) {
  Story story(Wrong::deadlock, "lost wake-up");
  story.create(2);
  const EventId wake = story.update(2, Story::ready, {}, 0, Order::relaxed, 12, "wakes");
  const EventId sleep = story.update(1, Story::ready, wake, 1, Order::relaxed, 11, "sleeps");
  story.wait(1, "sleeps on the futex", 30);
  story.finding.waiting.back().since = sleep;
  story.finding.waiting.back().missed = wake;
  EXPECT_TRUE(says(story,
                   "Why it never ends:\n  thread 1 sleeps since #4, and nobody is left to wake "
                   "it: the wake #3 of thread 2 came before it slept.\n"))
      << story.text();
}

TEST(Why, AReadThatSawAnOldValueIsNamedWithTheNewOne) {
  Story story(Wrong::requirement, "requirement not met");
  story.create(2);
  story.store(1, Story::ready, 1, Order::release, 11);
  story.load(2, Story::ready, {}, Order::acquire, 12);
  EXPECT_TRUE(says(story,
                   "Old values were seen:\n  #4 load ready (mp.cpp:12) sees 0, though #3 store "
                   "ready (mp.cpp:11) wrote 1: #3 does not happen before #4\n"))
      << story.text();
}

TEST(Why, AReadThatSawTheLastValueIsNot) {
  Story story(Wrong::requirement, "requirement not met");
  story.create(2);
  story.load(2, Story::ready, {}, Order::acquire, 12);
  const EventId written = story.store(1, Story::ready, 1, Order::release, 11);
  story.load(2, Story::ready, written, Order::acquire, 13);
  EXPECT_FALSE(says(story, "Old values")) << story.text();
}

}  // namespace
}  // namespace lockstep::check
