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

TEST(Json, OtherCharactersStayAsTheyAre) {
  for (const char* const text : {"\xc3\xa9</", "\x7f", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                 "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(quoted(text), '"' + std::string(text) + '"');
  }
}

TEST(Json, BytesOfNoCharacterAreReplaced) {
  EXPECT_EQ(quoted("caf\xe9!"), R"("caf\ufffd!")") << "Latin-1";
  EXPECT_EQ(quoted("\xc3"), R"("\ufffd")") << "cut short";
  EXPECT_EQ(quoted("\xe2\x82\""), R"("\ufffd\ufffd\"")") << "cut short";
  EXPECT_EQ(quoted("\xa9\xc3\xa9"), "\"\\ufffd\xc3\xa9\"") << "continues nothing";
  EXPECT_EQ(quoted("\xc1\xbf"), R"("\ufffd\ufffd")") << "longer than need be";
  EXPECT_EQ(quoted("\xe0\x9f\xbf"), R"("\ufffd\ufffd\ufffd")") << "longer than need be";
  EXPECT_EQ(quoted("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")") << "half of a pair of UTF-16";
  EXPECT_EQ(quoted("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")") << "beyond Unicode";
}

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
