// tests/report/test_name_test.cpp: what a page is called, and what runs its test again.
#include "checker/report/test_name.hpp"

#include <gtest/gtest.h>

#include <string>

#include "checker/report/shell.hpp"
#include "checker/report/subprocess.hpp"

namespace lockstep::check {
namespace {

std::string test_in(const std::string& function) {
  return test_among("0000000000001000 0000000000000020 t " + function +
                        "\n0000000000001020 0000000000000020 T main\n",
                    {0x1021, 0x1010});
}

TEST(TestName, IsThatOfTheClassWhoseBodyCalls) {
  EXPECT_EQ(test_in("Publication_IsSeen_Test::TestBody()"), "Publication_IsSeen");
  EXPECT_EQ(test_in("a::(anonymous namespace)::Queue_IsFifo_Test::TestBody()"), "Queue_IsFifo");
}

TEST(TestName, OfATypedTestHasNoParameters) {
  EXPECT_EQ(test_in("Queue_IsFifo_Test<std::vector<int> >::TestBody()"), "Queue_IsFifo");
}

TEST(TestName, IsNothingOutsideOfTests) {
  EXPECT_EQ(test_in("main"), "");
  EXPECT_EQ(test_in("Other::TestBody()"), "");
  EXPECT_EQ(test_in("f_Test()"), "");
}

TEST(TestName, IsThatOfTheInnermostCall) {
  const std::string symbols =
      "1000 20 t A_A_Test::TestBody()\n2000 20 t B_B_Test::TestBody()\n                 U free\n";
  EXPECT_EQ(test_among(symbols, {0x500, 0x2010, 0x1010}), "B_B");
  EXPECT_EQ(test_among(symbols, {0x1020}), "A_A");  // a call that does not return
  EXPECT_EQ(test_among(symbols, {0x1000, 0x1021}), "");
}

TEST(TestName, MayBeAskedForOnTheCommandLine) {
  EXPECT_EQ(test_asked_for("--gtest_filter=Of/Queue.IsFifo/3"), "Of/Queue.IsFifo/3");
  EXPECT_EQ(test_asked_for("--gtest_filter=Queue.*"), "");
  EXPECT_EQ(test_asked_for("--gtest_filter=A.B:C.D"), "");
  EXPECT_EQ(test_asked_for("--gtest_filter=A.B-C.D"), "");
  EXPECT_EQ(test_asked_for("Queue.IsFifo"), "");
}

TEST(Command, RunsOnlyTheTestWhateverItsUnderscoresStandFor) {
  EXPECT_EQ(command_of({"./queue_test", "x y"}, "Queue_IsFifo"),
            "./queue_test 'x y' '--gtest_filter=*Queue?IsFifo*'");
}

TEST(Command, KeepsTheFilterThatThereIs) {
  EXPECT_EQ(command_of({"./queue_test", "--gtest_filter=A.B"}, "A.B"),
            "./queue_test --gtest_filter=A.B");
  EXPECT_EQ(command_of({"./program"}, ""), "./program");
}

TEST(Command, WordsReachTheProgramAsTheyWere) {
  for (const std::string word : {"", "it's", "$HOME `x` \"y\" \\", "a b;c&d|e>f*", "plain-1.2"}) {
    EXPECT_EQ(output_of({"sh", "-c", "printf %s " + for_shell(word)}), word);
  }
}

}  // namespace
}  // namespace lockstep::check
