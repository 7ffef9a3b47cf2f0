// tests/report/page_test.cpp: what a page is told.
#include "checker/report/page.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "checker/explore/sleepers.hpp"
#include "story.hpp"

namespace lockstep::check {
namespace {

std::string data(const Story& story, const std::string& repeat = "again {token}") {
  return page_data_of(story.finding, story.symbols, story.text(), repeat);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The first object with this in it.
std::string object_with(const std::string& json, const std::string& part) {
  const std::size_t at = json.find(part);
  if (at == std::string::npos) return "no \"" + part + "\" in\n" + json;
  const std::size_t begin = json.rfind("{\"", at);
  bool is_in_string = false;
  for (std::size_t end = begin; end < json.size(); ++end) {
    if (json[end] == '"') is_in_string = !is_in_string;
    if (json[end] == '}' && !is_in_string) return json.substr(begin, end + 1 - begin);
  }
  return json.substr(begin);
}

TEST(PageData, HasTheTitleTheTokenAndHowToRepeatIt) {
  const std::string json = data(message_passing());
  EXPECT_TRUE(has(json, R"~("title": "data race on payload (4 bytes)", "wrong": true)~")) << json;
  EXPECT_TRUE(has(json, R"~("token": "rc11:0123", "repeat": "again rc11:0123")~")) << json;
}

TEST(PageData, HasTheTextAndItsSentences) {
  const Story story = message_passing();
  const std::string json = data(story);
  const std::string why = "the store at mp.cpp:15 is relaxed and no release fence precedes it";
  ASSERT_TRUE(has(story.text(), why)) << story.text();
  EXPECT_TRUE(has(json, "\"  " + why + "\"")) << json;
  EXPECT_TRUE(has(json, R"~("report": "data race on payload (4 bytes)\u000a)~")) << json;
}

TEST(PageData, AReadHasWhatItSeesAsARowAndItsValue) {
  const std::string row = object_with(data(message_passing()), R"~("kind": "load")~");
  EXPECT_TRUE(has(row, R"~("thread": 2, "place": "mp.cpp:19", "marked": false, "number": 4)~"))
      << row;
  EXPECT_TRUE(has(row, R"~("text": "load ready = 1 (acquire) sees #3")~")) << row;
  EXPECT_TRUE(has(row, R"~("location": 0, "sees": 3, "reads": "1", "calls": [[)~")) << row;
}

TEST(PageData, AReadOfTheInitialValueSeesRowMinusOne) {
  Story story;
  story.load(0, Story::ready, {}, Order::relaxed, 10);
  EXPECT_TRUE(has(data(story), R"~("sees": -1, "reads": "0")~")) << data(story);
}

TEST(PageData, AReadOfSomethingOldHasTheRowOfTheNewerWriteThatTheTextTellsOf) {
  Story story(Wrong::requirement, "requirement not met");
  story.store(0, Story::ready, 1, Order::relaxed, 10);
  story.store(0, Story::ready, 2, Order::relaxed, 11);
  story.load(1, Story::ready, {}, Order::relaxed, 12);
  const std::string json = data(story);
  EXPECT_TRUE(has(object_with(json, R"("kind": "load")"), R"("reads": "0", "newer": 1)")) << json;
  EXPECT_FALSE(has(object_with(json, R"("kind": "store")"), R"("newer")")) << json;
}

TEST(PageData, ASystemsReadOfAQueueIsNotCalledOld) {
  Story story;
  story.store(0, Story::lock, 1, Order::system, 10);
  story.load(1, Story::lock, {}, Order::system, 11);
  EXPECT_FALSE(has(data(story), R"("newer")")) << data(story);
}

TEST(PageData, AWriteHasItsPlaceInTheOrderOfTheLocation) {
  Story story;
  const EventId first = story.store(0, Story::lock, 7, Order::relaxed, 10);
  story.update(0, Story::lock, first, 8, Order::acq_rel, 11, "fetch_add");
  const std::string json = data(story);
  EXPECT_TRUE(has(object_with(json, R"("kind": "store")"), R"("co": 1, "writes": "7")")) << json;
  EXPECT_TRUE(has(object_with(json, R"~("kind": "update")~"),
                  R"~("sees": 0, "reads": "7", "co": 2, "writes": "8")~"))
      << json;
}

TEST(PageData, WhatIsNoEventStandsWhereItsThreadIs) {
  const std::string row = object_with(data(message_passing()), R"("text": "reads payload)");
  EXPECT_TRUE(has(row, R"~("marked": true, "number": 0)~")) << row;
  EXPECT_TRUE(has(row, R"~("at": 1, "hb": [2, 0, 1])~"))
      << row;  // after both creations, and its own load
  const std::string early = object_with(data(message_passing()), R"~("text": "writes payload)~");
  EXPECT_TRUE(has(early, R"~("at": 0, "hb": [1, 0, 0])~")) << early;  // after its thread's creation
}

TEST(PageData, TheSitesOfAnErrorKnowTheirRows) {
  const std::string json = data(message_passing());
  EXPECT_TRUE(has(json, R"~("about": [{"row": 1, "text": "thread 1 writes payload (4 bytes)")~"))
      << json;
  EXPECT_TRUE(has(json, R"~({"row": 5, "text": "thread 2 reads payload (4 bytes)")~")) << json;
}

TEST(PageData, ArrowsAreRows) {
  const std::string json = data(message_passing());
  EXPECT_TRUE(has(json, R"~(["rf", 3, 4])~")) << json;
  EXPECT_TRUE(has(json, R"~(["race", 1, 5])~")) << json;
}

TEST(PageData, AMutexSaysWhoHasIt) {
  Story story;
  story.create(1);
  const EventId locked = story.update(1, Story::lock, {}, 2, Order::acquire, 10, "locks");
  story.update(1, Story::lock, locked, 0, Order::release, 11, "unlocks");
  const std::string json = data(story);
  EXPECT_TRUE(has(json, R"~("kind": "mutex", "initial": "free")~")) << json;
  EXPECT_TRUE(has(json, R"~("reads": "free", "co": 1, "writes": "thread 1 has it")~")) << json;
}

TEST(PageData, AReadWriteLockSaysHowManyReadersItHas) {
  Story story;
  const EventId one = story.update(0, Story::lock, {}, 1, Order::acquire, 10, "locks shared");
  const EventId two = story.update(0, Story::lock, one, 2, Order::acquire, 11, "locks shared");
  story.update(0, Story::lock, two, 0xffff'ffff, Order::acquire, 12, "locks");
  const std::string json = data(story);
  EXPECT_TRUE(has(json, R"~("kind": "read-write lock")~")) << json;
  EXPECT_TRUE(has(json, R"~("reads": "1 reader", "co": 2, "writes": "2 readers")~")) << json;
  EXPECT_TRUE(has(json, R"~("writes": "thread 0 writes")~")) << json;
}

TEST(PageData, AQueueHasItsSleepersInTheirOrder) {
  Story story;
  story.create(2);
  story.finding.places[Story::lock] = {0x2000, 0, "word", true};
  const Value one = sleepers::with(0, {2}), both = sleepers::with(one, {1});
  const EventId first = story.update(2, Story::lock, {}, one, Order::system, 10, "futex wait");
  const EventId second = story.update(1, Story::lock, first, both, Order::system, 11, "futex wait");
  story.update(0, Story::lock, second, sleepers::without(both, 2), Order::system, 12, "futex wake");
  const std::string json = data(story);
  EXPECT_TRUE(has(json, R"~("kind": "futex", "initial": "nobody", "queue": [])~")) << json;
  EXPECT_TRUE(has(json, R"~("writes": "thread 2, thread 1", "queue": [2, 1])~")) << json;
  EXPECT_TRUE(
      has(json, R"~("reads": "thread 2, thread 1", "co": 3, "writes": "thread 1", "queue": [1])~"))
      << json;
}

TEST(PageData, ThreadsThatDidNothingAreNull) {
  Story story(Wrong::data_race, "data race");
  story.create(2);
  story.store(2, Story::ready, 1, Order::relaxed, 15);
  story.finding.thread = 2;
  story.finding.where = story.at(16);
  EXPECT_TRUE(has(data(story), R"~("threads": ["thread 0 (main)", null, "thread 2"])~"))
      << data(story);
}

TEST(PageData, TheSourceComesWithWhatIsAroundItsLines) {
  Story story(Wrong::requirement, "requirement not met");
  const std::string name = "source" + std::to_string(getpid()) + ".cpp";
  story.file = testing::TempDir() + name;
  std::ofstream file(story.file);
  for (int line = 1; line <= 200; ++line) file << "line " << line << "\n";
  file.close();
  story.finding.where = story.at(100);
  const std::string json = data(story);
  std::filesystem::remove(story.file);
  EXPECT_TRUE(has(json, R"~("calls": [[0, 100, "main::{lambda()#1}::operator()() const", ")~" +
                            name + R"~(:100"]])~"))
      << json;
  EXPECT_TRUE(has(json, R"~({"name": ")~" + name + R"~(", "first": 60, "lines": ["line 60", )~"))
      << json;
  EXPECT_TRUE(has(json, R"~("line 140"]})~")) << json;
}

TEST(PageData, OperationsOfAHistoryReachFromCallToReturn) {
  Story story(Wrong::not_linearizable, "not linearizable");
  story.create(2);
  const EventId write = story.store(1, Story::ready, 1, Order::release, 15);
  story.load(2, Story::ready, write, Order::acquire, 19);
  auto& history = story.finding.not_linearizable;
  history.operations = {{{1, 2, 1}, {1, 3, 3}, "meet()", "", story.at(15), {}, 1},
                        {{2, 3, 2}, {2, 4, 4}, "take()", "2", story.at(19), {}, 1}};
  history.refused = {0};
  const std::string json = data(story);
  EXPECT_TRUE(has(json, R"~("calls": [{"from": 2, "to": 5}, {"from": 4, "to": 7}])~")) << json;
}

TEST(PageData, OfARightExecutionNothingIsMarked) {
  Story story;
  story.finding.what = "nothing is wrong with this execution";
  story.store(0, Story::ready, 1, Order::relaxed, 15);
  const std::string json = data(story);
  EXPECT_TRUE(has(json, R"~("wrong": false)~")) << json;
  EXPECT_TRUE(has(json, R"~("about": [], "why": [])~")) << json;
  EXPECT_FALSE(has(json, R"~("marked": true)~")) << json;
}

TEST(Page, HoldsItsDataInAScriptThatNothingInItEnds) {
  Story story = message_passing();
  story.finding.printed = {{0, "</script><script>alert()</script><!--"}};
  story.finding.places[Story::ready].name = "<b>ready";
  const std::string page = page_of(story.finding, story.symbols, story.text(), "");
  EXPECT_TRUE(has(page, R"~(\u003c/script>\u003cscript>alert()\u003c/script>\u003c!--)~"));
  EXPECT_FALSE(has(page, "alert()</script>"));
  EXPECT_FALSE(has(page, "<b>"));
}

TEST(Page, NeedsNothingFromElsewhere) {
  const std::string page = page_of(message_passing().finding, message_passing().symbols, "", "");
  EXPECT_TRUE(has(page, "<title>"));
  EXPECT_FALSE(has(page, "{{"));
  EXPECT_FALSE(has(page, "src=\""));
  EXPECT_FALSE(has(page, "@import"));
  EXPECT_FALSE(has(page, "url(h"));
}

}  // namespace
}  // namespace lockstep::check
