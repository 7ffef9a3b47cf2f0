// tests/report/text_test.cpp: what a report says, and where it stands.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "checker/report/glossary.hpp"
#include "story.hpp"

namespace lockstep::check {
namespace {

/// The first line with this in it.
std::string line_with(const std::string& text, const std::string& part) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(part) != std::string::npos) return line;
  }
  return "no line with \"" + part + "\" in\n" + text;
}

std::size_t column_of(const std::string& text, const std::string& part) {
  return line_with(text, part).find(part);
}

Story handover() {
  Story story(Wrong::requirement, "requirement not met");
  story.create(2);
  const EventId write = story.store(1, Story::ready, 1, Order::release, 15);
  story.load(2, Story::ready, write, Order::acquire, 19);
  story.finding.thread = 2;
  story.finding.where = story.at(20);
  return story;
}

TEST(Text, AFailedRequirementIsShownWithItsThreadPlaceAndSource) {
  Story story = handover();
  const std::string name = "claim" + std::to_string(getpid()) + ".cpp";
  story.file = testing::TempDir() + name;
  std::ofstream(story.file) << "\n  require(payload == 42);  \n";
  story.finding.where = story.at(2);
  const std::string text = story.text();
  std::filesystem::remove(story.file);
  EXPECT_EQ(text.find("requirement not met\n"), 0u) << text;
  EXPECT_EQ(line_with(text, "thread 2"), "  thread 2  " + name + ":2  require(payload == 42);");
  EXPECT_NE(text.find(">> requirement not met"), std::string::npos) << text;
}

TEST(Text, ASourceLineThatIsTooLongIsCutBetweenTwoCharacters) {
  for (std::size_t before = 106; before <= 112; ++before) {
    Story story = handover();
    story.file = testing::TempDir() + "accents.cpp";
    std::ofstream(story.file) << "f(\"" + std::string(before, 'x') + "\xe2\x82\xac and so on\");\n";
    story.finding.where = story.at(1);
    const std::string line = line_with(story.text(), "f(\"x");
    EXPECT_TRUE(line.ends_with("x...") || line.ends_with("\xe2\x82\xac...")) << line;
    EXPECT_LE(line.size(), 120u) << line;
  }
}

/// Two on thread 1, one of them beside that of thread 2; what comes first is of two steps.
Story history() {
  Story story(Wrong::not_linearizable, "not linearizable");
  story.create(2);
  const EventId write = story.store(1, Story::ready, 1, Order::release, 15);
  story.load(2, Story::ready, write, Order::acquire, 19);
  auto& history = story.finding.not_linearizable;
  history.operations = {{{1, 2, 1}, {1, 3, 3}, "meet()", "", story.at(15), {}, 2},
                        {{1, 3, 4}, {1, 4, 6}, "look()", "1", story.at(16), {0}, 1},
                        {{2, 2, 2}, {2, 4, 5}, "take()", "2", story.at(19), {}, 1},
                        {{1, 4, 7}, {1, 4, 8}, "take()", "3", story.at(17), {0, 1}, 1}};
  history.order = {0, 2, 0};
  history.initial = "empty";
  history.state = "half full";
  history.refused = {1};
  return story;
}

TEST(Text, OperationsOfAHistoryAreListedWithWhatTheirOrderMustKeep) {
  const std::string text = history().text();
  EXPECT_EQ(line_with(text, "  A  "), "  A  thread 1  meet()      mp.cpp:15") << text;
  EXPECT_EQ(line_with(text, "  C  "), "  C  thread 2  take() = 2  mp.cpp:19") << text;
  EXPECT_NE(text.find("(happens-before):\n  A before B\n  B before D\n\n"), std::string::npos)
      << text;
}

TEST(Text, AHistorySaysHowFarTheReferenceObjectGoes) {
  const std::string text = history().text();
  EXPECT_NE(text.find("As far as the reference object goes, which begins as empty:\n"
                      "  A.1, C, A.2, and is then half full\n"
                      "  It does not allow any of those that could come next:\n"
                      "    B  look() = 1\n"),
            std::string::npos)
      << text;
}

TEST(Text, CallsAndReturnsStandAmongTheEvents) {
  const std::string text = history().text();
  std::size_t at = 0;
  for (const char* const next :
       {"#2 create", ">> A calls meet()", ">> C calls take()", "#3 store", ">> A returns  ",
        ">> B calls look()", "#4 load", ">> C returns = 2", ">> B returns = 1", ">> D calls take()",
        ">> D returns = 3"}) {
    const std::size_t found = text.find(next, at);
    ASSERT_NE(found, std::string::npos) << next << " is not there, or too early:\n" << text;
    at = found;
  }
}

TEST(Text, WhatIsSaidInTheTableIsOnOneLineOfIt) {
  Story thrown = handover();
  thrown.finding.what = "a thread threw: first\nsecond";
  EXPECT_TRUE(line_with(thrown.text(), ">> a thread threw: first second").ends_with(" mp.cpp:20"));

  Story story = history();
  story.finding.not_linearizable.operations[3].result = "first\nsecond";
  const std::string text = story.text();
  EXPECT_NE(text.find(">> D returns = first second"), std::string::npos) << text;
  EXPECT_TRUE(line_with(text, "take() = first second").ends_with(" mp.cpp:17")) << text;
}

TEST(Text, EachEventIsNumberedAndSaysWhatItSees) {
  const std::string text = handover().text();
  EXPECT_NE(text.find("#1 create thread 1"), std::string::npos) << text;
  EXPECT_NE(text.find("#3 store ready = 1 (release)"), std::string::npos) << text;
  EXPECT_NE(text.find("#4 load ready = 1 (acquire) sees #3"), std::string::npos) << text;
  EXPECT_NE(line_with(text, "#3 store").find("mp.cpp:15"), std::string::npos) << text;
}

TEST(Text, UpToThreeThreadsHaveAColumnEach) {
  const std::string text = handover().text();
  EXPECT_EQ(column_of(text, "#1 create"), column_of(text, "thread 0 (main)"));
  EXPECT_EQ(column_of(text, "#3 store"), line_with(text, "thread 0 (main)").find("thread 1"));
  EXPECT_EQ(column_of(text, "#4 load"), line_with(text, "thread 0 (main)").find("thread 2"));
  EXPECT_LT(column_of(text, "#1 create"), column_of(text, "#3 store"));
  EXPECT_LT(column_of(text, "#3 store"), column_of(text, "#4 load"));
}

TEST(Text, NoLineOfThreeColumnsIsWiderThanTheScreen) {
  Story story = handover();
  story.compare(2, Story::lock, {}, 1, 22);
  story.update(2, Story::lock, {}, 0xdeadbeef, Order::acq_rel, 12345, "compare_exchange_strong");
  std::istringstream lines(story.text());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120u) << line;
}

TEST(Text, AHeadingIsCutBeforeItRunsIntoTheNext) {
  Story story = handover();
  story.finding.threads[1] = "Account::transfer_to_another_one_of_a_branch";
  const std::string head = line_with(story.text(), "thread 0 (main) ");
  EXPECT_NE(head.find("thread 1 (Account::transfer_...  thread 2"), std::string::npos) << head;
}

TEST(Text, AHeadingIsNotCutWithinACharacter) {
  for (const std::string first : {"", "x"}) {
    Story story = handover();
    std::string& name = story.finding.threads[1] = first;
    for (int i = 0; i < 40; ++i) name += "\u00e9";
    EXPECT_NE(line_with(story.text(), "thread 0 (main) ").find("\u00e9... "), std::string::npos);
  }
}

TEST(Text, InAListNamesOfAnyLengthLeaveRoomForTheRows) {
  for (std::size_t length = 1; length < 130; ++length) {
    Story story(Wrong::requirement, "what ends it is a long sentence of words that are all short");
    story.file = "/nowhere/" + std::string(40, 'f') + ".cpp";
    story.create(4);
    for (std::size_t t = 1; t <= 4; ++t) {
      story.finding.threads[t] = std::string(length, 'n');
      story.store(t, Story::ready, t, Order::relaxed, 12);
    }
    story.finding.thread = 4;
    const std::string text = story.text();
    EXPECT_NE(line_with(text, "#8 ").find("  #8 store ready = 4 (relaxed)"), std::string::npos)
        << text;
    EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 40) << text;
  }
}

TEST(Text, FiveThreadsAreAListWithTheThreadInFront) {
  Story story(Wrong::requirement, "requirement not met");
  story.create(4);
  for (std::size_t t = 1; t <= 4; ++t) {
    story.store(t, Story::ready, t, Order::relaxed, static_cast<int>(10 + t));
  }
  const std::string text = story.text();
  EXPECT_EQ(line_with(text, "#1 ").find("  thread 0 (main)  #1 create thread 1"), 0u) << text;
  EXPECT_EQ(line_with(text, "#8 ").find("  thread 4         #8 store ready = 4 (relaxed)"), 0u)
      << text;
}

TEST(Text, TheAccessesOfARaceStandWhereTheyTookPlace) {
  Story story(Wrong::data_race, "data race on payload");
  story.create(2);
  story.access(1, true, 14);
  story.store(1, Story::ready, 1, Order::relaxed, 15);
  story.load(2, Story::ready, {}, Order::relaxed, 19);
  story.access(2, false, 20);
  const std::string text = story.text();
  const std::size_t create = text.find("#1 create thread 1"), store = text.find("#3 store"),
                    load = text.find("#4 load"), write = text.find(">> writes payload (4 bytes)"),
                    read = text.find(">> reads payload (4 bytes)");
  EXPECT_LT(create, write) << text;
  EXPECT_LT(write, store) << text;
  EXPECT_LT(load, read) << text;
}

TEST(Text, WhatEndedTheExecutionComesLastThoughItsThreadDidNothingElse) {
  Story story(Wrong::data_race, "data race on payload");
  story.create(2);
  story.access(1, true, 14);
  story.store(1, Story::ready, 1, Order::relaxed, 15);
  story.access(2, false, 20);
  const std::string text = story.text();
  EXPECT_LT(text.find("#3 store"), text.find(">> reads payload")) << text;
}

TEST(Text, AnAtomicAccessOfARaceIsMarkedAndNotRepeated) {
  Story story(Wrong::data_race, "data race on ready");
  story.create(1);
  story.access(0, true, 14);
  story.store(1, Story::ready, 1, Order::relaxed, 15);
  story.access(1, true, 15);
  story.finding.accesses.back().is_atomic = true;
  const std::string text = story.text();
  EXPECT_NE(text.find(">> #2 store ready = 1 (relaxed)"), std::string::npos) << text;
  EXPECT_EQ(text.find(">> writes", text.find(">> writes") + 1), std::string::npos) << text;
}

TEST(Text, AReadModifyWriteIsOneRowAndBothItsHalvesHaveItsNumber) {
  Story story;
  const EventId first = story.update(0, Story::lock, {}, 1, Order::acquire, 10, "exchange");
  const EventId second = story.update(0, Story::lock, first, 2, Order::relaxed, 11, "fetch_add");
  story.load(0, Story::lock, second, Order::relaxed, 12);
  const std::string text = story.text();
  EXPECT_NE(text.find("#1 exchange lock 0 -> 1 (acquire) sees initial"), std::string::npos) << text;
  EXPECT_NE(text.find("#2 fetch_add lock 1 -> 2 (relaxed) sees #1"), std::string::npos) << text;
  EXPECT_NE(text.find("#3 load lock = 2 (relaxed) sees #2"), std::string::npos) << text;
}

TEST(Text, AFailedCompareExchangeSaysWhatItWantedAndItsFailureOrder) {
  Story story;
  const EventId write = story.store(0, Story::lock, 2, Order::relaxed, 10);
  story.compare(0, Story::lock, write, 1, 11);
  const std::string text = story.text();
  EXPECT_NE(text.find("#2 compare-exchange lock = 2, wanted 1: fails (relaxed) sees #1"),
            std::string::npos)
      << text;
}

TEST(Text, AWeakCompareExchangeThatFailsForNoReasonIsSaidTo) {
  Story story;
  story.compare(0, Story::lock, {}, 0, 11, true);
  const std::string text = story.text();
  EXPECT_NE(text.find("lock = 0, wanted 0: fails for no reason (relaxed) sees initial"),
            std::string::npos)
      << text;
}

TEST(Text, AReadModifyWriteThatWaitsIsSaidTo) {
  Story story;
  Event event;
  event.kind = Kind::read;
  event.location = Story::lock;
  event.order = Order::acquire;
  event.is_update = true;
  const EventId read = story.finding.graph.add(0, event);
  story.finding.graph.set_rf(read, {});
  story.finding.graph.park(read);
  const std::string text = story.text();
  EXPECT_NE(text.find("#1 read-modify-write lock = 0: waits for another value (acquire) sees "
                      "initial"),
            std::string::npos)
      << text;
}

TEST(Text, EventsThatDidNotTakePlaceAreNotTold) {
  Story story(Wrong::data_race, "data race on payload");
  story.create(2);
  story.access(1, true, 14);
  story.access(2, false, 20);
  Event event;
  event.kind = Kind::end;
  story.finding.graph.add(1, event);
  story.finding.graph.add(2, event);
  const std::string text = story.text();
  EXPECT_EQ(text.find(" end"), std::string::npos) << text;
  EXPECT_LT(text.find("#2 create thread 2"), text.find(">> reads payload")) << text;
}

TEST(Text, ARaceIsNamedAfterTheSmallerAccessIfItsNameIsNotSaid) {
  Story story(Wrong::data_race, "data race");
  story.create(1);
  story.store(1, Story::ready, 1, Order::relaxed, 14);
  story.access(1, true, 14);
  story.finding.accesses[0].is_atomic = true;
  story.finding.accesses[0].size = 8;
  story.finding.accesses[0].name.clear();
  story.access(0, false, 20);
  EXPECT_EQ(story.text().find("data race on payload (4 bytes)\n"), 0u) << story.text();
}

TEST(Text, ADeadlockSaysWhoWaitsForWhatAndWhere) {
  Story story(Wrong::deadlock, "deadlock");
  story.create(1);
  story.wait(0, "waits to join thread 1", 30);
  story.wait(1, "spins, reading ready", 31);
  const std::string text = story.text();
  EXPECT_NE(text.find("  thread 0 waits to join thread 1  mp.cpp:30\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  thread 1 spins, reading ready    mp.cpp:31\n"), std::string::npos) << text;
  EXPECT_NE(text.find(">> spins, reading ready"), std::string::npos) << text;
}

TEST(Text, TheOrderOfWritesIsSaidOnlyWhereItIsNotThatOfTheTable) {
  Story story;
  story.store(0, Story::ready, 1, Order::relaxed, 10);
  const EventId second = story.store(1, Story::ready, 2, Order::relaxed, 11);
  EXPECT_EQ(story.text().find("The order of the writes"), std::string::npos);
  story.finding.graph.erase_co(second);
  story.finding.graph.insert_co(second, 1);
  EXPECT_NE(story.text().find("  ready: initial, #2, #1\n"), std::string::npos) << story.text();
}

TEST(Text, WhatIsKnownOfMemoryBesidesItsAddressStandsBelowTheTable) {
  Story story;
  story.finding.places[Story::ready].name = "0x7f01 (heap of thread 1, 24 bytes, +8)";
  story.store(0, Story::ready, 1, Order::relaxed, 10);
  const std::string text = story.text();
  EXPECT_NE(text.find("#1 store 0x7f01 = 1 (relaxed)"), std::string::npos) << text;
  EXPECT_NE(text.find("  0x7f01 (heap of thread 1, 24 bytes, +8)\n"), std::string::npos) << text;
}

TEST(Text, ParenthesesOfATypeBelongToAName) {
  for (const std::string name :
       {"run(void (*)())::calls", "Slot<void (int)>::hits", "run(void (*)())::calls[1]"}) {
    Story story;
    story.finding.places[Story::ready].name.clear();
    story.symbols.data[0x1000] = name;
    story.finding.places[Story::lock].name = name + " (part 1)";
    story.store(0, Story::ready, 1, Order::relaxed, 10);
    story.store(0, Story::lock, 2, Order::relaxed, 11);
    const std::string text = story.text();
    EXPECT_NE(text.find("#1 store " + name + " = 1 (relaxed)"), std::string::npos) << text;
    EXPECT_NE(text.find("#2 store " + name + " = 2 (relaxed)"), std::string::npos) << text;
  }
}

TEST(Text, OfABlockOfMemoryItIsSaidWhereItWasAllocated) {
  Story story;
  story.finding.places[Story::ready] = {0x1008, 4, "0x1000+8 (heap of thread 1)"};
  story.finding.places[Story::lock] = {0x2000, 4, "0x2000 (stack of thread 1)"};
  story.finding.allocated[0x1000] = {16, story.at(7)};
  story.store(0, Story::ready, 1, Order::relaxed, 10);
  story.store(0, Story::lock, 1, Order::relaxed, 11);
  const std::string text = story.text();
  EXPECT_NE(text.find("  0x1000+8 (heap of thread 1), allocated at mp.cpp:7\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("  0x2000 (stack of thread 1)\n"), std::string::npos) << text;
}

TEST(Text, AGlobalWithoutANameOfItsOwnIsNamedByTheSymbolTable) {
  Story story;
  story.finding.places[Story::ready].name.clear();
  story.symbols.data[0x1000] = "flags+4";
  story.store(0, Story::ready, 1, Order::relaxed, 10);
  EXPECT_NE(story.text().find("#1 store flags+4 = 1 (relaxed)"), std::string::npos) << story.text();
}

TEST(Text, FilesOfOneNameAreToldApartByTheirFolders) {
  Story story = handover();
  story.file = "/elsewhere/mp.cpp";
  story.finding.where = story.at(77);
  const std::string text = story.text();
  EXPECT_NE(text.find("elsewhere/mp.cpp:77"), std::string::npos) << text;
  EXPECT_NE(text.find("nowhere/mp.cpp:15"), std::string::npos) << text;
}

TEST(Text, TheTokenComesLastWithItsUse) {
  const std::string text = handover().text();
  const std::size_t token = text.find("\nreplay token: rc11:0123\n");
  ASSERT_NE(token, std::string::npos) << text;
  EXPECT_NE(text.find("Options::replay", token), std::string::npos) << text;
  EXPECT_NE(text.find("LOCKSTEP_REPLAY", token), std::string::npos) << text;
}

TEST(Text, TheMiddleOfALongExecutionIsLeftOutButNeverAMarkedLine) {
  Story story(Wrong::data_race, "data race on payload");
  for (int i = 0; i < 300; ++i) {
    if (i == 50) story.access(0, true, 999);
    story.store(0, Story::ready, 1, Order::relaxed, 10);
  }
  story.access(1, false, 998);
  const std::string text = story.text();
  EXPECT_EQ(text.find("#60 "), std::string::npos);
  EXPECT_NE(text.find("#1 "), std::string::npos);
  EXPECT_NE(text.find("#300 "), std::string::npos);
  EXPECT_NE(text.find(">> writes payload"), std::string::npos);
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 40) << text;
}

TEST(Text, WhatIsLeftOutIsCountedAndHowToSeeItSaid) {
  Story story(Wrong::requirement, "requirement not met");
  for (int i = 0; i < 99; ++i) story.store(0, Story::ready, 1, Order::relaxed, 10);
  const std::string text = story.text();
  EXPECT_NE(text.find("  ... 85 events ...\n"), std::string::npos) << text;
  EXPECT_NE(text.find("(85 of 100 events are left out; all: Options::full_report"),
            std::string::npos)
      << text;
}

TEST(Text, AFullReportLeavesNothingOut) {
  Story story(Wrong::requirement, "requirement not met");
  story.finding.is_full = true;
  for (int i = 0; i < 300; ++i) story.store(0, Story::ready, 1, Order::relaxed, 10);
  const std::string text = story.text();
  for (int i = 1; i <= 300; ++i) {
    EXPECT_NE(text.find('#' + std::to_string(i) + ' '), std::string::npos) << i;
  }
  EXPECT_EQ(text.find("left out"), std::string::npos);
}

TEST(Text, OfALongExecutionWhatAReadSawIsShownWithIt) {
  Story story(Wrong::requirement, "requirement not met");
  story.create(1);
  for (int i = 0; i < 2; ++i) story.store(0, Story::ready, 1, Order::relaxed, 10);
  story.store(0, Story::lock, 7, Order::relaxed, 11);  // #4
  const EventId written = story.store(0, Story::lock, 8, Order::relaxed, 11);
  for (int i = 0; i < 99; ++i) story.store(0, Story::ready, 1, Order::relaxed, 10);
  for (int i = 0; i < 20; ++i) story.load(1, Story::lock, written, Order::relaxed, 12);
  const std::string text = story.text();
  EXPECT_NE(text.find("#5 store lock = 8"), std::string::npos) << text;
  EXPECT_EQ(text.find("#4 "), std::string::npos) << text;
}

TEST(Text, AThreadIsNamedAfterTheFunctionThatItRuns) {
  Story story(Wrong::requirement, "requirement not met");
  story.create(2);
  story.function = "Queue<int>::produce(int const&)";
  story.store(1, Story::ready, 1, Order::relaxed, 11);
  story.function = "main::{lambda()#2}::operator()() const";
  story.store(2, Story::ready, 1, Order::relaxed, 12);
  const std::string head = line_with(story.text(), "thread 0 (main) ");
  EXPECT_NE(head.find("thread 1 (Queue::produce)"), std::string::npos) << head;
  EXPECT_TRUE(head.ends_with("thread 2")) << head;
}

TEST(Text, AThreadThatDoesTwoThingsIsNotNamedAfterOne) {
  Story story(Wrong::requirement, "requirement not met");
  story.create(1);
  story.function = "push(int)";
  story.store(1, Story::ready, 1, Order::relaxed, 11);
  story.function = "pop()";
  story.store(1, Story::ready, 2, Order::relaxed, 12);
  EXPECT_EQ(story.text().find("thread 1 ("), std::string::npos) << story.text();
}

TEST(Text, TheNameThatTheProgramGaveAThreadComesFirst) {
  Story story(Wrong::requirement, "requirement not met");
  story.create(1);
  story.finding.threads[1] = "writer";
  story.function = "push(int)";
  story.store(1, Story::ready, 1, Order::relaxed, 11);
  EXPECT_NE(story.text().find("thread 1 (writer)"), std::string::npos) << story.text();
}

TEST(Value, IsDecimalIfShortElseHexadecimal) {
  EXPECT_EQ(value_text(0, 4), "0");
  EXPECT_EQ(value_text(999'999, 8), "999999");
  EXPECT_EQ(value_text(0x7fff'0000'1234, 8), "0x7fff00001234");
}

TEST(Value, ThatMayBeASmallNegativeNumberIsShownAsThatToo) {
  EXPECT_EQ(value_text(0xffff'ffff, 4), "4294967295 (-1)");
  EXPECT_EQ(value_text(0xffff'ffff, 8), "0xffffffff");
  EXPECT_EQ(value_text(0xfffe, 2), "65534 (-2)");
  EXPECT_EQ(value_text(0xffff'ffff'ffff'ffff, 8), "0xffffffffffffffff (-1)");
  EXPECT_EQ(value_text(0xff, 0), "255");
}

}  // namespace
}  // namespace lockstep::check
