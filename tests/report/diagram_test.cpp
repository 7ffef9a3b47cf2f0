// tests/report/diagram_test.cpp: the arrows of an execution.
#include "checker/report/diagram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "story.hpp"

namespace lockstep::check {
namespace {

using Kind = Arrow::Kind;

class Drawn {
 public:
  explicit Drawn(const Story& story)
      : words_(story.finding, story.symbols), diagram(diagram_of(words_)) {}

  /// Is there an arrow between the first rows with these texts?
  [[nodiscard]] bool has(Kind kind, const std::string& from, const std::string& to) const {
    const Arrow arrow{kind, row(from), row(to)};
    return std::find(diagram.arrows.begin(), diagram.arrows.end(), arrow) != diagram.arrows.end();
  }

  [[nodiscard]] std::size_t count(Kind kind) const {
    return static_cast<std::size_t>(std::count_if(diagram.arrows.begin(), diagram.arrows.end(),
                                                  [&](const Arrow& a) { return a.kind == kind; }));
  }

  [[nodiscard]] std::size_t row(const std::string& text) const {
    const auto found = std::find_if(diagram.rows.begin(), diagram.rows.end(), [&](const Row& row) {
      return row.text.find(text) != std::string::npos;
    });
    EXPECT_NE(found, diagram.rows.end()) << text;
    return static_cast<std::size_t>(found - diagram.rows.begin());
  }

 private:
  Glossary words_;

 public:
  Diagram diagram;
};

TEST(Diagram, AnAcquireThatSeesAReleaseSynchronizesWithIt) {
  const Drawn drawn(message_passing(Order::release, Order::acquire));
  EXPECT_TRUE(drawn.has(Kind::sees, "#3 store", "#4 load"));
  EXPECT_TRUE(drawn.has(Kind::synchronizes, "#3 store", "#4 load"));
  EXPECT_EQ(drawn.count(Kind::races), 0u);
}

TEST(Diagram, ARelaxedStoreIsSeenAndNothingMore) {
  const Drawn drawn(message_passing(Order::relaxed, Order::acquire));
  EXPECT_TRUE(drawn.has(Kind::sees, "#3 store", "#4 load"));
  EXPECT_FALSE(drawn.has(Kind::synchronizes, "#3 store", "#4 load"));
  EXPECT_TRUE(drawn.has(Kind::races, "writes payload", "reads payload"));
}

TEST(Diagram, FencesSynchronizeInPlaceOfWhatIsRelaxed) {
  Story story;
  story.create(2);
  story.fence(1, Order::release, 14);
  const EventId write = story.store(1, Story::ready, 1, Order::relaxed, 15);
  story.load(2, Story::ready, write, Order::relaxed, 19);
  story.fence(2, Order::acquire, 20);
  const Drawn drawn(story);
  EXPECT_TRUE(drawn.has(Kind::synchronizes, "fence (release)", "fence (acquire)"));
  EXPECT_FALSE(drawn.has(Kind::synchronizes, "#4 store", "#5 load"));
}

TEST(Diagram, AReleaseSequenceLeadsBackToItsHead) {
  Story story;
  story.create(3);
  const EventId head = story.store(1, Story::ready, 1, Order::release, 14);
  const EventId next = story.update(2, Story::ready, head, 2, Order::relaxed, 15, "fetch_add");
  story.load(3, Story::ready, next, Order::acquire, 16);
  const Drawn drawn(story);
  EXPECT_TRUE(drawn.has(Kind::sees, "fetch_add", "load"));
  EXPECT_TRUE(drawn.has(Kind::synchronizes, "store", "load"));
  EXPECT_FALSE(drawn.has(Kind::synchronizes, "fetch_add", "load"));
}

TEST(Diagram, WritesOverwriteEachOtherInTheOrderOfTheLocation) {
  Story story;
  story.create(2);
  const EventId first = story.store(1, Story::ready, 1, Order::relaxed, 14);
  story.update(2, Story::ready, first, 2, Order::relaxed, 15, "fetch_add");
  story.store(1, Story::ready, 3, Order::relaxed, 16);
  const Drawn drawn(story);
  EXPECT_TRUE(drawn.has(Kind::overwrites, "ready = 1", "fetch_add"));
  EXPECT_TRUE(drawn.has(Kind::overwrites, "fetch_add", "ready = 3"));
  EXPECT_EQ(drawn.count(Kind::overwrites), 2u);
}

TEST(Diagram, CreationsComeBeforeAllThatTheThreadDoes) {
  const Drawn drawn(message_passing(Order::relaxed, Order::relaxed));
  EXPECT_TRUE(drawn.has(Kind::synchronizes, "create thread 1", "writes payload"));
  EXPECT_TRUE(drawn.has(Kind::synchronizes, "create thread 2", "#4 load"));
}

TEST(Diagram, WhoWaitsPointsAtWhatHasIt) {
  Story story(Wrong::deadlock, "deadlock");
  story.create(1);
  const EventId took = story.update(1, Story::lock, {}, 1, Order::acquire, 14, "locks");
  story.wait(0, "waits for the mutex", 30);
  story.finding.waiting.back().holder = 1;
  story.finding.waiting.back().held_since = took;
  story.wait(1, "waits for the end of thread 0", 31);
  story.finding.waiting.back().joined = 0;
  const Drawn drawn(story);
  EXPECT_TRUE(drawn.has(Kind::waits, "waits for the mutex", "#2 locks"));
  EXPECT_TRUE(drawn.has(Kind::waits, "waits for the end", "waits for the mutex"));
}

TEST(Diagram, WhatDidNotTakePlaceHasNeitherRowNorArrow) {
  Story story = message_passing(Order::release, Order::acquire);
  Event end;
  end.kind = check::Kind::end;
  story.finding.graph.add(1, end);
  Event join;
  join.kind = check::Kind::join;
  join.peer = 1;
  story.finding.graph.add(0, join);
  const Drawn drawn(story);
  EXPECT_EQ(drawn.diagram.rows.size(), 6u);
  EXPECT_EQ(drawn.count(Kind::synchronizes), 3u);  // of two creations, and of the message
}

}  // namespace
}  // namespace lockstep::check
