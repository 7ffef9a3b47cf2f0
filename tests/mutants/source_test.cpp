// The names of scopes, which the keys of mutants are made of.

#include "source.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace {

using mutants::Source;

/// The function that the word `here` stands in.
std::string function_at_here(const std::string& text) {
  return Source(text).function_at(text.find("here"));
}

TEST(Source, SkipsCommentsAndDirectives) {
  const Source source(
      "// one {\n#include <two>\n#define three \\\n  four\n/* five */ six; // seven");
  ASSERT_EQ(source.size(), 2U);
  EXPECT_EQ(source[0].text, "six");
  EXPECT_EQ(source[0].line, 5U);
}

TEST(Source, TakesTextInQuotesForOneToken) {
  const Source source(R"(call("a ) \" b", ')');)");
  EXPECT_EQ(source.match(1), 5U);
}

TEST(Source, NamesAFunctionAfterItsClasses) {
  EXPECT_EQ(
      function_at_here("namespace a::b { class Outer { struct Inner { void f() { here; } }; }; }"),
      "Outer::Inner::f");
}

TEST(Source, NamesAFunctionThatHasATemplateHeadAttributesAndATrailingType) {
  EXPECT_EQ(function_at_here("template <class F, class... G> [[nodiscard(\"why\")]] auto run(F f) "
                             "noexcept(noexcept(f())) -> int { here; }"),
            "run");
}

TEST(Source, NamesAConstructorBehindItsInitializers) {
  EXPECT_EQ(function_at_here("class A { explicit A(int n) : a_(n), b_{n} { here; } int b_{0}; };"),
            "A::A");
}

TEST(Source, NamesADestructor) {
  EXPECT_EQ(function_at_here("class A final : public B { ~A() { here; } };"), "A::~A");
}

TEST(Source, TakesALambdaForAPartOfItsFunction) {
  EXPECT_EQ(function_at_here("void f() { call([&](int) { here; }); }"), "f");
}

TEST(Source, KnowsNoFunctionOutsideOfOne) {
  EXPECT_EQ(function_at_here("class A { int n{1}; int here; void f() {} };"), "A");
  EXPECT_EQ(function_at_here("int here;"), "");
}

TEST(Source, RefusesParenthesesThatDoNotMatch) {
  EXPECT_THROW(Source("f(]"), std::invalid_argument);
  EXPECT_THROW(Source("f("), std::invalid_argument);
}

}  // namespace
