// tests/report/json_test.cpp: is what is written JSON?
#include "checker/report/json.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace lockstep::check::json {
namespace {

TEST(Json, QuotesWhatWouldEndAString) { EXPECT_EQ(quoted("a \"b\" \\ c"), R"("a \"b\" \\ c")"); }

TEST(Json, ControlCharactersAreEscaped) {
  EXPECT_EQ(quoted(std::string_view("\n\t\0", 3)), R"("\u000a\u0009\u0000")");
}

TEST(Json, OtherBytesStayAsTheyAre) { EXPECT_EQ(quoted("\xc3\xa9</"), "\"\xc3\xa9</\""); }

TEST(Json, AnObjectHasItsMembersInTheirOrder) {
  Object object;
  object.text("b", "x");
  object.number("a", -1);
  object.truth("c", true);
  object.member("d", numbers(std::vector{1, 2}));
  EXPECT_EQ(object.done(), R"({"b": "x", "a": -1, "c": true, "d": [1, 2]})");
}

TEST(Json, NothingIsAnEmptyObjectAndAnEmptyArray) {
  EXPECT_EQ(Object().done(), "{}");
  EXPECT_EQ(array(std::vector<std::string>(), quoted), "[]");
}

}  // namespace
}  // namespace lockstep::check::json
