// tests/report/race_test.cpp: a report of a race says why nothing orders the accesses, and nothing false.
#include <gtest/gtest.h>

#include <string>

#include "checker/report/race.hpp"
#include "story.hpp"

namespace lockstep::check {
namespace {

void expect_line(const std::string& text, const std::string& line) {
  EXPECT_NE(("\n" + text).find("\n" + line + "\n"), std::string::npos) << "no line\n"
                                                                       << line << "\nin\n"
                                                                       << text;
}

TEST(Race, ARelaxedStoreIsNamedAsTheReasonAndTheAcquireLoadIsNot) {
  const std::string text = message_passing(Order::relaxed, Order::acquire).text();
  expect_line(text, "data race on payload (4 bytes)");
  expect_line(text, "  thread 1 writes  mp.cpp:14");
  expect_line(text, "  thread 2 reads   mp.cpp:20");
  expect_line(text,
              "  #4 load ready (mp.cpp:19) sees #3 store ready (mp.cpp:15), "
              "but does not synchronize with it:");
  expect_line(text, "    the store at mp.cpp:15 is relaxed and no release fence precedes it");
  EXPECT_EQ(text.find("the load at"), std::string::npos) << text;
}

TEST(Race, ARelaxedLoadIsNamedAsTheReasonAndTheReleaseStoreIsNot) {
  const std::string text = message_passing(Order::release, Order::relaxed).text();
  expect_line(text, "    the load at mp.cpp:19 is relaxed and no acquire fence follows it");
  EXPECT_EQ(text.find("the store at"), std::string::npos) << text;
}

TEST(Race, BothSidesAreNamedIfBothAreRelaxed) {
  const std::string text = message_passing(Order::relaxed, Order::relaxed).text();
  expect_line(text, "    the load at mp.cpp:19 is relaxed and no acquire fence follows it");
  expect_line(text, "    the store at mp.cpp:15 is relaxed and no release fence precedes it");
}

TEST(Race, WhatReleasedAndAcquiredIsOrdered) {
  const Story story = message_passing(Order::release, Order::acquire);
  const auto& accesses = story.finding.accesses;
  EXPECT_TRUE(are_ordered(story.finding.graph, accesses[0], accesses[1]));
  EXPECT_EQ(story.text().find("Why nothing"), std::string::npos);
}

TEST(Race, AnAtomicAccessIsOrderedBeforeWhatAcquiresIt) {
  Story story;
  story.create(2);
  const EventId write = story.store(1, Story::ready, 1, Order::release, 14);
  story.access(1, true, 14);
  story.load(2, Story::ready, write, Order::acquire, 19);
  story.access(2, false, 20);
  PlainAccess first = story.finding.accesses[0];
  EXPECT_FALSE(are_ordered(story.finding.graph, first, story.finding.accesses[1]));
  first.is_atomic = true;
  EXPECT_TRUE(are_ordered(story.finding.graph, first, story.finding.accesses[1]));
}

TEST(Race, WithoutAnyRelationTheThreadsNeverSynchronize) {
  Story story(Wrong::data_race, "data race on payload");
  story.create(2);
  story.access(1, true, 14);
  story.access(2, false, 20);
  const std::string text = story.text();
  expect_line(text, "  thread 2 never synchronizes with thread 1 after that");
  expect_line(text, "  Nothing of thread 1 happens before what thread 2 does there.");
}

TEST(Race, TheLastThatDoesHappenBeforeIsNamed) {
  Story story(Wrong::data_race, "data race on payload");
  story.create(1);
  story.access(0, true, 14);
  story.access(1, false, 20);
  expect_line(story.text(),
              "  The last of thread 0 that happens before it: "
              "#1 create thread 1 (mp.cpp:1).");
}

TEST(Race, AnAcquireFenceAfterTheLoadIsNotReportedMissing) {
  Story story(Wrong::data_race, "data race on payload");
  story.create(2);
  story.access(1, true, 14);
  const EventId write = story.store(1, Story::ready, 1, Order::relaxed, 15);
  story.load(2, Story::ready, write, Order::relaxed, 19);
  story.fence(2, Order::acquire, 20);
  story.access(2, false, 21);
  const std::string text = story.text();
  EXPECT_EQ(text.find("no acquire fence"), std::string::npos) << text;
  expect_line(text, "    the store at mp.cpp:15 is relaxed and no release fence precedes it");
}

TEST(Race, AReleaseFenceBeforeTheFirstAccessComesTooEarly) {
  Story story(Wrong::data_race, "data race on payload");
  story.create(2);
  story.fence(1, Order::release, 13);
  story.access(1, true, 14);
  const EventId write = story.store(1, Story::ready, 1, Order::relaxed, 15);
  story.load(2, Story::ready, write, Order::acquire, 19);
  story.access(2, false, 20);
  expect_line(story.text(),
              "    the store at mp.cpp:15 is relaxed, and the release fence before it, #3 fence "
              "(mp.cpp:13), comes before the access of thread 1");
}

TEST(Race, AReadModifyWritePassesTheBlameToTheStoreThatItContinues) {
  Story story(Wrong::data_race, "data race on payload");
  story.create(3);
  story.access(1, true, 14);
  const EventId write = story.store(1, Story::ready, 1, Order::relaxed, 15);
  const EventId added = story.update(3, Story::ready, write, 2, Order::acq_rel, 17, "fetch_add");
  story.load(2, Story::ready, added, Order::acquire, 19);
  story.access(2, false, 20);
  const std::string text = story.text();
  expect_line(text,
              "  #6 load ready (mp.cpp:19) sees #5 fetch_add ready (mp.cpp:17), which continues "
              "#4 store ready (mp.cpp:15), but does not synchronize with it:");
  expect_line(text, "    the store at mp.cpp:15 is relaxed and no release fence precedes it");
}

TEST(Race, AStoreThatEndsTheReleaseSequenceIsNamed) {
  Story story(Wrong::data_race, "data race on payload");
  story.create(3);
  story.access(1, true, 14);
  story.store(1, Story::ready, 1, Order::release, 15);
  const EventId other = story.store(3, Story::ready, 2, Order::relaxed, 17);
  story.load(2, Story::ready, other, Order::acquire, 19);
  story.access(2, false, 20);
  expect_line(story.text(),
              "  #6 load ready (mp.cpp:19) sees #5 store ready (mp.cpp:17): it ends the release "
              "sequence of #4 store ready (mp.cpp:15), which would have ordered them");
}

TEST(Race, ALoadInALoopThatSeesTheSameAgainIsReportedOnce) {
  Story story(Wrong::data_race, "data race on payload");
  story.create(2);
  story.access(1, true, 14);
  const EventId write = story.store(1, Story::ready, 1, Order::release, 15);
  for (int i = 0; i < 5; ++i) story.load(2, Story::ready, write, Order::relaxed, 19);
  story.load(2, Story::ready, write, Order::relaxed, 20);
  story.access(2, false, 21);
  const std::string text = story.text();
  expect_line(text,
              "  #9 load ready (mp.cpp:20) sees #3 store ready (mp.cpp:15), "
              "but does not synchronize with it:");
  expect_line(text,
              "  Also, #8 load ready (mp.cpp:19) sees #3 store ready (mp.cpp:15), "
              "but does not synchronize with it:");
  EXPECT_EQ(text.find("#7 load ready (mp.cpp:19)"), std::string::npos) << text;
}

TEST(Race, AGapOnTheWayThroughAThirdThreadIsFound) {
  Story story(Wrong::data_race, "data race on payload");
  story.create(3);
  story.access(1, true, 14);
  const EventId first = story.store(1, Story::ready, 1, Order::release, 15);
  story.load(3, Story::ready, first, Order::relaxed, 16);
  const EventId second = story.store(3, Story::lock, 1, Order::release, 17);
  story.load(2, Story::lock, second, Order::acquire, 19);
  story.access(2, false, 20);
  const std::string text = story.text();
  expect_line(text, "    the load at mp.cpp:16 is relaxed and no acquire fence follows it");
  EXPECT_EQ(text.find("mp.cpp:19) sees #6 store lock (mp.cpp:17), but"), std::string::npos) << text;
}

TEST(Race, EachOfTwoGapsOnTheWayIsReported) {
  Story story(Wrong::data_race, "data race on payload");
  story.create(3);
  story.access(1, true, 14);
  const EventId first = story.store(1, Story::ready, 1, Order::release, 15);
  story.load(3, Story::ready, first, Order::relaxed, 16);
  const EventId second = story.store(3, Story::lock, 1, Order::relaxed, 17);
  story.load(2, Story::lock, second, Order::acquire, 19);
  story.access(2, false, 20);
  const std::string text = story.text();
  expect_line(text, "    the store at mp.cpp:17 is relaxed and no release fence precedes it");
  expect_line(text, "    the load at mp.cpp:16 is relaxed and no acquire fence follows it");
}

}  // namespace
}  // namespace lockstep::check
