// tests/unit/generator_delegation_test.cpp: `co_yield from(...)`, after PEP 380 (`yield from`).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "lockstep/async/generator.hpp"
#include "throws.hpp"

namespace lockstep::test {
namespace {

using Words = std::vector<std::string>;

/// Writes its name when it dies.
struct Mourned {
  Mourned(Words& its_deaths, std::string its_name)
      : deaths(its_deaths), name(std::move(its_name)) {}
  Mourned(const Mourned&) = delete;
  ~Mourned() { deaths.push_back(name); }
  Words& deaths;
  std::string name;
};

template <class Values>
std::vector<int> all_of(Values&& values) {
  std::vector<int> all;
  for (const int value : values) all.push_back(value);
  return all;
}

Generator<int> range(int first, int last) {
  for (int i = first; i <= last; ++i) co_yield i;
}

/// 0, all of `inner`, 100.
template <class Returned>
Generator<int, void, Returned> framed(Generator<int, void, Returned> inner) {
  co_yield 0;
  if constexpr (std::is_void_v<Returned>) {
    co_yield from(std::move(inner));
    co_yield 100;
  } else {
    Returned result = co_yield from(std::move(inner));
    co_yield 100;
    co_return result;
  }
}

// --- Values --------------------------------------------------------------------------------------

TEST(GeneratorDelegation, YieldsTheValuesOfTheInnerOneInItsPlace) {
  EXPECT_EQ(all_of(framed(range(1, 3))), (std::vector{0, 1, 2, 3, 100}));
  EXPECT_EQ(all_of(framed(framed(range(1, 2)))), (std::vector{0, 0, 1, 2, 100, 100}));
}

TEST(GeneratorDelegation, ToOneThatYieldsNothingGoesOnAtOnce) {
  EXPECT_EQ(all_of(framed(range(1, 0))), (std::vector{0, 100}));
  EXPECT_EQ(all_of(framed(framed(range(1, 0)))), (std::vector{0, 0, 100, 100}));
}

TEST(GeneratorDelegation, ToOneThatHasEndedOrWasClosedYieldsNothing) {
  Generator<int> ended = range(1, 2);
  all_of(ended);
  EXPECT_EQ(all_of(framed(std::move(ended))), (std::vector{0, 100}));
  Generator<int> closed = range(1, 2);
  closed.close();
  EXPECT_EQ(all_of(framed(std::move(closed))), (std::vector{0, 100}));
}

TEST(GeneratorDelegation, ToOneThatWasBegunYieldsTheRest) {
  Generator<int> begun = range(1, 3);
  begun.next();
  EXPECT_EQ(all_of(framed(std::move(begun))), (std::vector{0, 2, 3, 100}));
}

TEST(GeneratorDelegation, ToOneThatDelegatesAlreadyYieldsTheRestOfAllOfThem) {
  Generator<int> begun = framed(framed(range(1, 3)));
  begun.next();
  begun.next();
  EXPECT_EQ(begun.next(), 1);
  EXPECT_EQ(all_of(framed(std::move(begun))), (std::vector{0, 2, 3, 100, 100, 100}));
}

TEST(GeneratorDelegation, TakesTheInnerOneOver) {
  Generator<int> inner = range(1, 3);
  const auto taking = [](Generator<int>& taken) -> Generator<int> {
    co_yield from(std::move(taken));
  };
  Generator<int> outer = taking(inner);
  EXPECT_EQ(outer.next(), 1);
  EXPECT_EQ(inner.next(), std::nullopt);
  EXPECT_EQ(outer.next(), 2);
}

TEST(GeneratorDelegation, MayBeDoneToOneAfterTheOther) {
  const auto chained = []() -> Generator<int> {
    for (int i = 0; i < 3; ++i) co_yield from(range(10 * i, 10 * i + 1));
  };
  EXPECT_EQ(all_of(chained()), (std::vector{0, 1, 10, 11, 20, 21}));
}

TEST(GeneratorDelegation, CopiesAndMovesNoValue) {
  const auto inner = []() -> Generator<std::unique_ptr<int>> { co_yield std::make_unique<int>(7); };
  const auto outer = [&]() -> Generator<std::unique_ptr<int>> { co_yield from(inner()); };
  auto generator = outer();
  EXPECT_EQ(**generator.next(), 7);

  int thing = 0;
  const auto inner_reference = [](int& it) -> Generator<int&> { co_yield it; };
  const auto outer_reference = [&](int& it) -> Generator<int&> {
    co_yield from(inner_reference(it));
  };
  auto references = outer_reference(thing);
  EXPECT_EQ(references.next(), &thing);
}

// --- What is sent, what is returned --------------------------------------------------------------

/// Logs what it receives, `rounds` times.
Generator<int, std::string, int> listener(std::string name, int rounds, Words& log) {
  for (int i = 0; i < rounds; ++i) {
    const std::optional<std::string> received = co_yield i;
    log.push_back(name + ":" + received.value_or("nothing"));
  }
  co_return rounds;
}

Generator<int, std::string, int> middle(Words& log) {
  const int result = co_yield from(listener("inner", 2, log));
  const int another = co_yield from(listener("middle", 1, log));
  co_return 10 * result + another;
}

Generator<int, std::string, int> outermost(Words& log) {
  const int result = co_yield from(middle(log));
  const std::optional<std::string> received = co_yield result;
  log.push_back("outer:" + received.value_or("nothing"));
  co_return result;
}

TEST(GeneratorDelegation, GivesWhatIsSentToTheInnermost) {
  Words log;
  auto generator = outermost(log);
  EXPECT_EQ(generator.next(), 0);
  EXPECT_EQ(generator.send("a"), 1);
  EXPECT_EQ(generator.next(), 0);
  EXPECT_EQ(generator.send("b"), 21);
  EXPECT_EQ(generator.send("c"), std::nullopt);
  EXPECT_EQ(log, (Words{"inner:a", "inner:nothing", "middle:b", "outer:c"}));
}

TEST(GeneratorDelegation, EvaluatesToWhatTheInnerOneReturned) {
  Words log;
  auto generator = outermost(log);
  while (generator.next()) continue;
  EXPECT_EQ(generator.result(), 21);
}

TEST(GeneratorDelegation, StartsTheInnerOneWithoutAValue) {
  Words log;
  const auto late = [&]() -> Generator<int, std::string> {
    const std::optional<std::string> received = co_yield -1;
    log.push_back("outer:" + *received);
    co_yield from(listener("inner", 1, log));
  };
  auto generator = late();
  generator.next();
  EXPECT_EQ(generator.send("a"), 0);
  EXPECT_EQ(generator.send("b"), std::nullopt);
  EXPECT_EQ(log, (Words{"outer:a", "inner:b"}));
}

TEST(GeneratorDelegation, MovesAResultThatCannotBeCopied) {
  const auto inner = []() -> Generator<int, void, std::unique_ptr<int>> {
    co_yield 1;
    co_return std::make_unique<int>(7);
  };
  const auto outer = [&]() -> Generator<int> {
    const std::unique_ptr<int> result = co_yield from(inner());
    co_yield *result;
  };
  EXPECT_EQ(all_of(outer()), (std::vector{1, 7}));
}

Generator<int, void, int> with_result(bool fails) {
  co_yield 1;
  if (fails) throw std::out_of_range("inner");
  co_return 7;
}

TEST(GeneratorDelegation, ToOneThatHasReturnedEvaluatesToItsResult) {
  auto ended = with_result(false);
  while (ended.next()) continue;
  auto outer = framed(std::move(ended));
  EXPECT_EQ(all_of(outer), (std::vector{0, 100}));
  EXPECT_EQ(outer.result(), 7);
}

TEST(GeneratorDelegation, ToOneThatHasNoResultIsAnErrorWhereOneIsNeeded) {
  auto closed = with_result(false);
  closed.close();
  auto outer = framed(std::move(closed));
  EXPECT_EQ(outer.next(), 0);
  EXPECT_TRUE(throws<Error>("Generator::result: the generator ended without a result",
                            [&] { outer.next(); }));
}

// --- Exceptions ----------------------------------------------------------------------------------

TEST(GeneratorDelegation, LetsAnExceptionOfTheInnermostThroughAllOfThem) {
  auto generator = framed(framed(with_result(true)));
  EXPECT_EQ(generator.next(), 0);
  EXPECT_EQ(generator.next(), 0);
  EXPECT_EQ(generator.next(), 1);
  EXPECT_THROW(generator.next(), std::out_of_range);
  EXPECT_EQ(generator.next(), std::nullopt);
}

TEST(GeneratorDelegation, LetsTheOuterOneCatchWhatTheInnerOneThrewAndGoOn) {
  const auto careful = []() -> Generator<int> {
    bool is_caught = false;
    try {
      static_cast<void>(co_yield from(with_result(true)));
    } catch (const std::out_of_range&) {
      is_caught = true;
    }
    if (is_caught) co_yield 2;
    co_yield from(range(3, 4));
  };
  EXPECT_EQ(all_of(careful()), (std::vector{1, 2, 3, 4}));
  EXPECT_EQ(all_of(framed(careful())), (std::vector{0, 1, 2, 3, 4, 100}));
}

TEST(GeneratorDelegation, ToOneThatThrowsBeforeItsFirstValueThrows) {
  const auto failing = [](bool fails) -> Generator<int> {
    if (fails) throw std::out_of_range("inner");
    co_yield 1;
  };
  Generator<int> generator = framed(failing(true));
  EXPECT_EQ(generator.next(), 0);
  EXPECT_THROW(generator.next(), std::out_of_range);
}

TEST(GeneratorDelegation, ToOneThatEndedByAnExceptionDoesNotThrowItAgain) {
  const auto failing = []() -> Generator<int> {
    co_yield 1;
    throw std::out_of_range("inner");
  };
  Generator<int> failed = failing();
  failed.next();
  EXPECT_THROW(failed.next(), std::out_of_range);
  EXPECT_EQ(all_of(framed(std::move(failed))), (std::vector{0, 100}));
}

// --- Who dies when -------------------------------------------------------------------------------

Generator<int> mourned(int depth, Words& deaths) {
  const Mourned local(deaths, "local " + std::to_string(depth));
  const Mourned another(deaths, "another " + std::to_string(depth));
  if (depth > 0) {
    co_yield from(mourned(depth - 1, deaths));
  } else {
    co_yield 1;
  }
}

const Words innermost_first{"another 0", "local 0", "another 1", "local 1", "another 2", "local 2"};

TEST(GeneratorDelegation, DestroysTheLocalsOfTheInnermostFirst) {
  Words deaths;
  {
    Generator<int> generator = mourned(2, deaths);
    EXPECT_EQ(generator.next(), 1);
    EXPECT_EQ(deaths, Words{});
  }
  EXPECT_EQ(deaths, innermost_first);
}

TEST(GeneratorDelegation, IsClosedFromTheInnermostOutwards) {
  Words deaths;
  Generator<int> generator = mourned(2, deaths);
  generator.next();
  generator.close();
  EXPECT_EQ(deaths, innermost_first);
  EXPECT_EQ(generator.next(), std::nullopt);
}

TEST(GeneratorDelegation, EndsFromTheInnermostOutwards) {
  Words deaths;
  Generator<int> generator = mourned(2, deaths);
  EXPECT_EQ(all_of(generator), std::vector{1});
  EXPECT_EQ(deaths, innermost_first);
}

TEST(GeneratorDelegation, DestroysTheInnerOneAtTheEndOfTheExpression) {
  Words deaths;
  const auto inner = [&](std::unique_ptr<Mourned> argument) -> Generator<int> {
    co_yield argument == nullptr ? 0 : 1;
  };
  const auto outer = [&]() -> Generator<int> {
    co_yield from(inner(std::make_unique<Mourned>(deaths, "argument")));
    co_yield 2;
  };
  Generator<int> generator = outer();
  EXPECT_EQ(generator.next(), 1);
  EXPECT_EQ(deaths, Words{});
  EXPECT_EQ(generator.next(), 2);
  EXPECT_EQ(deaths, Words{"argument"});
}

Generator<int> mourned_around(Generator<int> inner, Words& deaths) {
  const Mourned local(deaths, "outer");
  co_yield 0;
  co_yield from(std::move(inner));
}

TEST(GeneratorDelegation, DestroysOneThatWasBegunElsewhereWithAllItDelegatesTo) {
  Words deaths;
  Generator<int> begun = mourned(1, deaths);
  EXPECT_EQ(begun.next(), 1);
  {
    Generator<int> outer = mourned_around(std::move(begun), deaths);
    EXPECT_EQ(outer.next(), 0);
    EXPECT_EQ(outer.next(), std::nullopt);
  }
  EXPECT_EQ(deaths, (Words{"another 0", "local 0", "another 1", "local 1", "outer"}));
}

// --- From inside ---------------------------------------------------------------------------------

TEST(GeneratorDelegation, ToItselfIsRefused) {  // "ValueError: generator already executing"
  const auto circular = [](std::optional<Generator<int>>& self) -> Generator<int> {
    co_yield 1;
    co_yield from(std::move(*self));
  };
  std::optional<Generator<int>> generator;
  generator = circular(generator);
  generator->next();
  EXPECT_TRUE(
      throws<Error>("lockstep::from: generator already executing", [&] { generator->next(); }));
  EXPECT_EQ(generator->next(), std::nullopt);
}

TEST(GeneratorDelegation, ToOneThatDelegatesToThisIsRefused) {
  std::optional<Generator<int>> outer;
  const auto inner = [&]() -> Generator<int> {
    co_yield 1;
    co_yield from(std::move(*outer));
  };
  outer = framed(inner());
  outer->next();
  outer->next();
  EXPECT_TRUE(throws<Error>("lockstep::from: generator already executing", [&] { outer->next(); }));
}

TEST(GeneratorDelegation, LetsTheInnermostNotResumeTheOutermost) {
  Generator<int>* outer = nullptr;
  const auto inner = [&]() -> Generator<int> {
    co_yield 1;
    EXPECT_TRUE(
        throws<Error>("Generator::next: generator already executing", [&] { outer->next(); }));
    co_yield 2;
  };
  Generator<int> generator = framed(inner());
  outer = &generator;
  EXPECT_EQ(all_of(generator), (std::vector{0, 1, 2, 100}));
}

TEST(GeneratorDelegation, LetsOneGeneratorExecuteAnother) {
  const auto sums = [](Generator<int> numbers) -> Generator<int> {
    int sum = 0;
    while (const std::optional<int> number = numbers.next()) co_yield sum += *number;
  };
  EXPECT_EQ(all_of(framed(sums(framed(range(1, 3))))), (std::vector{0, 0, 1, 3, 6, 106, 100}));
}

// --- Depth ---------------------------------------------------------------------------------------

constexpr int deep = 100'000;

/// How much of the stack lies between the calls of `visit`.
class StackSpan {
 public:
  void visit() {
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    lowest_ = std::min(lowest_, here);
    highest_ = std::max(highest_, here);
    ++visits_;
  }
  [[nodiscard]] std::uintptr_t bytes() const { return highest_ - lowest_; }
  [[nodiscard]] int visits() const { return visits_; }

 private:
  std::uintptr_t lowest_ = UINTPTR_MAX;
  std::uintptr_t highest_ = 0;
  int visits_ = 0;
};

constexpr std::uintptr_t one_page = 4096;  // 100,000 nested calls take hundreds of them

/// Visits `span` once when it begins, at each value, and when it ends, at each level.
Generator<int, int, int> nested(int depth, StackSpan& span) {
  struct Visitor {
    explicit Visitor(StackSpan& its_span) : span(its_span) { span.visit(); }
    ~Visitor() { span.visit(); }
    StackSpan& span;
  };
  const Visitor visitor(span);
  if (depth > 0) {
    const int result = co_yield from(nested(depth - 1, span));
    co_return result + 1;
  }
  int answer = 0;
  while (answer >= 0) {
    const std::optional<int> received = co_yield answer;
    span.visit();
    answer = received.value_or(answer + 1);
  }
  if (answer == -2) throw std::out_of_range("innermost");
  co_return 0;
}

TEST(GeneratorDelegation, TakesConstantStackAndTimeForAValueHoweverDeep) {
  StackSpan span;
  auto generator = nested(deep, span);
  generator.next();
  EXPECT_EQ(span.visits(), deep + 1);
  for (int i = 1; i < deep; ++i) ASSERT_EQ(generator.next(), i);  // squared, it would not end today
  EXPECT_EQ(generator.send(7), 7);
  EXPECT_LT(span.bytes(), one_page);
}

TEST(GeneratorDelegation, TakesConstantStackToReturnFromHoweverDeep) {
  StackSpan span;
  auto generator = nested(deep, span);
  generator.next();
  EXPECT_EQ(generator.send(-1), std::nullopt);
  EXPECT_EQ(generator.result(), deep);
  EXPECT_EQ(span.visits(), 2 * (deep + 1) + 1);
  EXPECT_LT(span.bytes(), one_page);
}

TEST(GeneratorDelegation, TakesConstantStackForAnExceptionFromHoweverDeep) {
  StackSpan span;
  auto generator = nested(deep, span);
  generator.next();
  EXPECT_THROW(generator.send(-2), std::out_of_range);
  EXPECT_EQ(span.visits(), 2 * (deep + 1) + 1);
  EXPECT_LT(span.bytes(), 4 * one_page);  // the unwinder's own frames are large
}

TEST(GeneratorDelegation, TakesConstantStackToBeDestroyedHoweverDeep) {
  StackSpan span;
  {
    auto generator = nested(deep, span);
    generator.next();
  }
  EXPECT_EQ(span.visits(), 2 * (deep + 1));
  EXPECT_LT(span.bytes(), one_page);
}

}  // namespace
}  // namespace lockstep::test
