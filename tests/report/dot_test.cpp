// tests/report/dot_test.cpp: a finding as Graphviz reads it.
#include "checker/report/dot.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "checker/report/subprocess.hpp"
#include "story.hpp"

namespace lockstep::check {
namespace {

std::string dot(const Story& story) { return dot_of(story.finding, story.symbols); }

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Dot, EachThreadIsACluster) {
  const std::string text = dot(message_passing());
  for (const char* const thread : {"thread 0 (main)", "thread 1", "thread 2"}) {
    EXPECT_TRUE(has(text, "label=\"" + std::string(thread) + "\"")) << text;
  }
  EXPECT_TRUE(has(text, "subgraph cluster_2")) << text;
}

TEST(Dot, TheTitleIsThatOfTheReport) {
  EXPECT_TRUE(has(dot(message_passing()), "label=\"data race on payload (4 bytes)\", labelloc=t"));
}

TEST(Dot, WhatRacesIsMarkedAndJoined) {
  const std::string text = dot(message_passing());
  EXPECT_TRUE(has(text, "e1 [label=\"writes payload (4 bytes)\", color=\"#cf222e\"")) << text;
  EXPECT_TRUE(has(text, "e5 [label=\"reads payload (4 bytes)\", color=\"#cf222e\"")) << text;
  EXPECT_TRUE(has(text, "e1 -> e5 [constraint=false, color=\"#cf222e\"")) << text;
}

TEST(Dot, WhatIsSeenAndWhatSynchronizesAreOneArrow) {
  const std::string seen = dot(message_passing());
  EXPECT_TRUE(has(seen, "e3 -> e4 [constraint=false, color=\"#1f6fd0\"")) << seen;
  const std::string both = dot(message_passing(Order::release));
  EXPECT_TRUE(has(both, "e3 -> e4 [constraint=false, color=\"#1a7f37\"")) << both;
  EXPECT_FALSE(has(both, "#1f6fd0")) << both;
  EXPECT_TRUE(has(both, "label=\"rf, sw\"")) << both;
}

TEST(Dot, NamesDoNotLeaveTheirStrings) {
  Story story = message_passing();
  story.finding.places[Story::ready].name = "a\"]; evil [label=\"\\";
  const std::string text = dot(story);
  EXPECT_TRUE(has(text, R"(a\"]; evil [label=\"\\)")) << text;
}

TEST(Dot, GraphvizDrawsItIfItIsThere) {
  const std::string file = testing::TempDir() + "story" + std::to_string(getpid()) + ".dot";
  std::ofstream(file) << dot(message_passing());
  const std::string drawn = output_of({"dot", "-Tplain", file});
  std::filesystem::remove(file);
  if (output_of({"dot", "-?"}).empty()) GTEST_SKIP() << "no dot (Debian package graphviz)";
  EXPECT_TRUE(has(drawn, "\nedge e1 e5 ")) << drawn;
  EXPECT_TRUE(has(drawn, "\nstop\n")) << drawn;
}

}  // namespace
}  // namespace lockstep::check
