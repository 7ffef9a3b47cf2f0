// tests/unit/generator_test.cpp: what a Generator does by itself. Where the rule is Python's, the
// comment names its place in the Python Language Reference, 6.2.9 (yield expressions).
// `co_yield from(...)`: generator_delegation_test.cpp.
#include "lockstep/async/generator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "throws.hpp"

namespace lockstep::test {
namespace {

using Words = std::vector<std::string>;

/// Writes its name when it dies.
class Mourned {
 public:
  Mourned(Words& deaths, std::string name) : deaths_(&deaths), name_(std::move(name)) {}
  Mourned(Mourned&& other) noexcept
      : deaths_(std::exchange(other.deaths_, nullptr)), name_(std::move(other.name_)) {}
  ~Mourned() {
    if (deaths_ != nullptr) deaths_->push_back(name_);
  }

 private:
  Words* deaths_;
  std::string name_;
};

Generator<int> count_to(int last) {
  for (int i = 1; i <= last; ++i) co_yield i;
}

Generator<int> count_to(int last, int& computed) {
  for (int i = 1; i <= last; ++i) {
    computed = i;
    co_yield i;
  }
}

template <class Values>
std::vector<int> all_of(Values&& values) {
  std::vector<int> all;
  for (const int value : values) all.push_back(value);
  return all;
}

// --- next ----------------------------------------------------------------------------------------

static_assert(!std::is_copy_constructible_v<Generator<int>>);
static_assert(!std::is_copy_assignable_v<Generator<int>>);
static_assert(std::is_nothrow_move_constructible_v<Generator<int>>);
static_assert(std::is_nothrow_move_assignable_v<Generator<int>>);
static_assert(sizeof(Generator<int>) == sizeof(void*));

TEST(Generator, YieldsOneValueForEachNextAndThenNoneForEver) {
  Generator<int> numbers = count_to(2);
  EXPECT_EQ(numbers.next(), 1);
  EXPECT_EQ(numbers.next(), 2);
  EXPECT_EQ(numbers.next(), std::nullopt);
  EXPECT_EQ(numbers.next(), std::nullopt);
}

TEST(Generator, ThatYieldsNothingEndsAtOnce) {
  Generator<int> nothing = count_to(0);
  EXPECT_EQ(nothing.next(), std::nullopt);
}

TEST(Generator, ExecutesNothingBeforeItIsAskedAndThenNoFurtherThanTheNextValue) {
  int computed = 0;
  Generator<int> numbers = count_to(9, computed);
  EXPECT_EQ(computed, 0);
  numbers.next();
  EXPECT_EQ(computed, 1);
  numbers.next();
  EXPECT_EQ(computed, 2);
}

TEST(Generator, KeepsItsArgumentsUntilItIsDestroyed) {
  const auto letters = [](std::string word) -> Generator<char> {
    for (const char letter : word) co_yield letter;
  };
  Generator<char> generator = letters(std::string(100, 'x') + "y");
  std::string together;
  while (const std::optional<char> letter = generator.next()) together += *letter;
  EXPECT_EQ(together, std::string(100, 'x') + "y");
}

TEST(Generator, YieldsWhatConvertsToItsType) {
  const auto words = []() -> Generator<std::string> {
    co_yield "literal";
    const char* const pointer = "pointer";
    co_yield pointer;
  };
  Generator<std::string> generator = words();
  EXPECT_EQ(generator.next(), "literal");
  EXPECT_EQ(generator.next(), "pointer");
  EXPECT_EQ(generator.next(), std::nullopt);
}

// --- What travels, and how -----------------------------------------------------------------------

/// Counts the copies and moves that led to it.
struct Traveller {
  Traveller() = default;
  Traveller(const Traveller& other) : copies(other.copies + 1), moves(other.moves) {}
  Traveller(Traveller&& other) noexcept : copies(other.copies), moves(other.moves + 1) {}
  int copies = 0;
  int moves = 0;
};

TEST(Generator, MovesATemporaryOnceAndNeverCopiesIt) {
  const auto travellers = []() -> Generator<Traveller> { co_yield Traveller(); };
  Generator<Traveller> generator = travellers();
  const std::optional<Traveller> traveller = generator.next();
  ASSERT_TRUE(traveller);
  EXPECT_EQ(traveller->copies, 0);
  EXPECT_EQ(traveller->moves, 1);
}

TEST(Generator, CopiesWhatItYieldsAndKeeps) {
  const auto words = []() -> Generator<std::string> {
    std::string kept = "kept";
    co_yield kept;
    co_yield kept;
  };
  Generator<std::string> generator = words();
  EXPECT_EQ(generator.next(), "kept");
  EXPECT_EQ(generator.next(), "kept");
}

TEST(Generator, MayYieldWhatCanOnlyBeMoved) {
  const auto boxes = []() -> Generator<std::unique_ptr<int>> {
    co_yield std::make_unique<int>(1);
    auto second = std::make_unique<int>(2);
    co_yield std::move(second);
  };
  Generator<std::unique_ptr<int>> generator = boxes();
  EXPECT_EQ(**generator.next(), 1);
  EXPECT_EQ(**generator.next(), 2);
  EXPECT_FALSE(generator.next());

  int sum = 0;
  for (std::unique_ptr<int>& box : boxes()) sum += *std::unique_ptr<int>(std::move(box));
  EXPECT_EQ(sum, 3);
}

Generator<int&> elements(std::vector<int>& numbers) {
  for (int& number : numbers) co_yield number;
}

TEST(Generator, OfReferencesRefersToTheThingsThemselves) {
  std::vector<int> numbers{1, 2};
  Generator<int&> generator = elements(numbers);
  static_assert(std::is_same_v<decltype(generator.next()), int*>);
  EXPECT_EQ(generator.next(), &numbers[0]);
  EXPECT_EQ(generator.next(), &numbers[1]);
  EXPECT_EQ(generator.next(), nullptr);

  for (int& number : elements(numbers)) number *= 10;
  EXPECT_EQ(numbers, (std::vector<int>{10, 20}));
}

TEST(Generator, OfConstReferencesKeepsATemporaryUntilTheNext) {
  const auto words = [](Words& deaths) -> Generator<const Mourned&> {
    co_yield Mourned(deaths, "temporary");
  };
  Words deaths;
  Generator<const Mourned&> generator = words(deaths);
  EXPECT_NE(generator.next(), nullptr);
  EXPECT_EQ(deaths, Words{});
  EXPECT_EQ(generator.next(), nullptr);
  EXPECT_EQ(deaths, Words{"temporary"});
}

TEST(Generator, OfReferencesNeedsNoCopyAndNoMove) {
  struct Fixed {
    Fixed() = default;
    Fixed(const Fixed&) = delete;
  };
  Fixed fixed;
  const auto references = [](Fixed& thing) -> Generator<Fixed&> { co_yield thing; };
  for (Fixed& thing : references(fixed)) EXPECT_EQ(&thing, &fixed);
}

// --- send ----------------------------------------------------------------------------------------

/// Yields what it received, or -1 where it received nothing.
Generator<int, int> echo() {
  int answer = 0;
  for (;;) {
    const std::optional<int> received = co_yield answer;
    answer = received.value_or(-1);
  }
}

TEST(Generator, GivesWhatIsSentToTheYieldThatItIsSuspendedAt) {  // generator.send
  Generator<int, int> generator = echo();
  EXPECT_EQ(generator.next(), 0);
  EXPECT_EQ(generator.send(7), 7);
  EXPECT_EQ(generator.send(8), 8);
}

TEST(Generator, ReceivesNothingByNext) {  // generator.__next__
  Generator<int, int> generator = echo();
  EXPECT_EQ(generator.next(), 0);
  EXPECT_EQ(generator.send(7), 7);
  EXPECT_EQ(generator.next(), -1);
}

TEST(Generator, TakesNoValueBeforeItHasStarted) {  // generator.send
  Generator<int, int> generator = echo();
  EXPECT_TRUE(throws<Error>("Generator::send: cannot send a value to a generator that has not sta",
                            [&] { generator.send(7); }));
  EXPECT_EQ(generator.next(), 0) << "the refused call changed something";
  EXPECT_EQ(generator.send(8), 8);
}

TEST(Generator, IsStartedBySendingNone) {  // generator.send
  Generator<int, int> generator = echo();
  EXPECT_EQ(generator.send(std::nullopt), 0);
  EXPECT_EQ(generator.send(std::nullopt), -1);
  Generator<int> that_takes_nothing = count_to(1);
  EXPECT_EQ(that_takes_nothing.send(std::nullopt), 1);
}

TEST(Generator, IgnoresWhatIsSentAfterItsEnd) {
  const auto once = []() -> Generator<int, int> { co_yield 1; };
  Generator<int, int> generator = once();
  generator.next();
  EXPECT_EQ(generator.send(7), std::nullopt);
  EXPECT_EQ(generator.send(7), std::nullopt);
}

TEST(Generator, MayBeSentWhatCanOnlyBeMoved) {
  const auto lengths = []() -> Generator<int, std::unique_ptr<int>> {
    int answer = 0;
    for (;;) {
      const std::unique_ptr<int> received = (co_yield answer).value();
      answer = *received;
    }
  };
  Generator<int, std::unique_ptr<int>> generator = lengths();
  generator.next();
  EXPECT_EQ(generator.send(std::make_unique<int>(7)), 7);
}

template <class Sent>
concept CanSendInt = requires(Generator<int, Sent> generator) { generator.send(7); };
static_assert(CanSendInt<int> && CanSendInt<double>);
static_assert(!CanSendInt<void> && !CanSendInt<std::string>);

// --- The end -------------------------------------------------------------------------------------

Generator<int, void, std::string> with_result() {
  co_yield 42;
  co_return "string";
}

TEST(Generator, HasItsResultAfterItsEndAndNotBefore) {  // StopIteration.value
  Generator<int, void, std::string> generator = with_result();
  const auto result = [&] { static_cast<void>(generator.result()); };
  EXPECT_TRUE(throws<Error>("Generator::result: the generator has not ended", result));
  generator.next();
  EXPECT_TRUE(throws<Error>("Generator::result: the generator has not ended", result));
  generator.next();
  EXPECT_EQ(generator.result(), "string");
  EXPECT_EQ(generator.result(), "string");
}

TEST(Generator, MayReturnWhatCanOnlyBeMoved) {
  const auto box = []() -> Generator<int, void, std::unique_ptr<int>> {
    co_yield 1;
    co_return std::make_unique<int>(7);
  };
  auto generator = box();
  while (generator.next()) continue;
  const std::unique_ptr<int> result = std::move(generator.result());
  EXPECT_EQ(*result, 7);
}

TEST(Generator, DestroysItsLocalsWhenItEnds) {
  const auto mourning = [](Words& deaths) -> Generator<int> {
    const Mourned local(deaths, "local");
    co_yield 1;
  };
  Words deaths;
  Generator<int> generator = mourning(deaths);
  generator.next();
  EXPECT_EQ(deaths, Words{});
  generator.next();
  EXPECT_EQ(deaths, Words{"local"});
}

Generator<int, int, int> that_throws_when_sent(Words& deaths) {
  const Mourned local(deaths, "local");
  if (const std::optional<int> received = co_yield 1) throw std::out_of_range("thrown");
  throw std::length_error("thrown");
}

TEST(Generator, LetsAnExceptionOutOfNextAndHasEndedThen) {
  Words deaths;
  auto generator = that_throws_when_sent(deaths);
  generator.next();
  EXPECT_THROW(generator.next(), std::length_error);
  EXPECT_EQ(deaths, Words{"local"});
  EXPECT_EQ(generator.next(), std::nullopt);
  EXPECT_EQ(generator.send(7), std::nullopt);
}

TEST(Generator, LetsAnExceptionOutOfSendAndHasEndedThen) {
  Words deaths;
  auto generator = that_throws_when_sent(deaths);
  generator.next();
  EXPECT_THROW(generator.send(7), std::out_of_range);
  EXPECT_EQ(deaths, Words{"local"});
  EXPECT_EQ(generator.next(), std::nullopt);
}

TEST(Generator, HasNoResultIfItEndedByAnException) {
  Words deaths;
  auto generator = that_throws_when_sent(deaths);
  generator.next();
  EXPECT_THROW(generator.next(), std::length_error);
  EXPECT_TRUE(throws<Error>("Generator::result: the generator ended without a result",
                            [&] { static_cast<void>(generator.result()); }));
}

TEST(Generator, ThatThrowsBeforeItsFirstValueThrowsOutOfTheFirstNext) {
  const auto failing = [](bool fails) -> Generator<int> {
    if (fails) throw std::out_of_range("thrown");
    co_yield 1;
  };
  Generator<int> generator = failing(true);
  EXPECT_THROW(generator.next(), std::out_of_range);
  EXPECT_EQ(generator.next(), std::nullopt);
}

TEST(Generator, LosesNoPlaceWhenAValueCannotBeMovedOut) {
  struct Reluctant {
    explicit Reluctant(int its_number) : number(its_number) {}
    Reluctant(Reluctant&& other) : number(other.number) {
      if (number == 1) throw std::out_of_range("not moved");
    }
    int number;
  };
  const auto reluctant = []() -> Generator<Reluctant> {
    co_yield Reluctant(1);
    co_yield Reluctant(2);
  };
  Generator<Reluctant> generator = reluctant();
  EXPECT_THROW(generator.next(), std::out_of_range);
  EXPECT_EQ(generator.next()->number, 2);
}

// --- close, destruction, moves -------------------------------------------------------------------

Generator<int, int, int> mourning(Words& deaths, Mourned) {
  const Mourned first(deaths, "first");
  const Mourned second(deaths, "second");
  co_yield 1;
  co_return 7;
}

const Words all_dead{"second", "first", "argument"};

TEST(Generator, ThatIsClosedDestroysItsLocalsAndYieldsNothingMore) {  // generator.close
  Words deaths;
  auto generator = mourning(deaths, Mourned(deaths, "argument"));
  generator.next();
  generator.close();
  EXPECT_EQ(deaths, all_dead);
  EXPECT_EQ(generator.next(), std::nullopt);
  EXPECT_EQ(generator.send(1), std::nullopt);
  EXPECT_EQ(generator.begin(), generator.end());
  EXPECT_TRUE(throws<Error>("Generator::result: the generator ended without a result",
                            [&] { static_cast<void>(generator.result()); }));
  generator.close();
  EXPECT_EQ(deaths, all_dead);
}

TEST(Generator, ThatIsClosedBeforeItStartedNeverExecutes) {  // generator.close
  Words deaths;
  auto generator = mourning(deaths, Mourned(deaths, "argument"));
  generator.close();
  EXPECT_EQ(deaths, Words{"argument"});
  EXPECT_EQ(generator.next(), std::nullopt);
  EXPECT_EQ(generator.send(1), std::nullopt) << "as Python: it has ended, rather than not started";
}

TEST(Generator, ThatHasEndedKeepsItsResultWhenItIsClosed) {
  Generator<int, void, std::string> generator = with_result();
  while (generator.next()) continue;
  generator.close();
  EXPECT_EQ(generator.result(), "string");
}

TEST(Generator, ThatIsDestroyedWhileSuspendedDestroysItsLocals) {
  Words deaths;
  {
    auto generator = mourning(deaths, Mourned(deaths, "argument"));
    generator.next();
    EXPECT_EQ(deaths, Words{});
  }
  EXPECT_EQ(deaths, all_dead);
}

TEST(Generator, ThatIsMovedGoesOnWhereItWas) {
  Generator<int> first = count_to(3);
  first.next();
  Generator<int> second = std::move(first);
  EXPECT_EQ(first.next(), std::nullopt);  // NOLINT: what is left behind is closed, by contract
  EXPECT_EQ(second.next(), 2);
  second = std::move(second);  // NOLINT: to itself
  EXPECT_EQ(second.next(), 3);
}

TEST(Generator, ThatIsReplacedIsDestroyed) {
  Words deaths;
  auto generator = mourning(deaths, Mourned(deaths, "argument"));
  generator.next();
  generator = mourning(deaths, Mourned(deaths, "another"));
  EXPECT_EQ(deaths, all_dead);
  EXPECT_EQ(generator.next(), 1);
}

// --- From inside ---------------------------------------------------------------------------------

/// Does to itself what `act` does.
Generator<int, int, int> introspective(Generator<int, int, int>*& self, auto act) {
  co_yield 1;
  act(*self);
  co_yield 2;
  co_return 3;
}

/// Does a generator that does this to itself get an error that begins so, and go on unharmed?
void is_refused(std::string_view message, auto act) {
  Generator<int, int, int>* self = nullptr;
  auto generator = introspective(
      self, [&](auto& executing) { EXPECT_TRUE(throws<Error>(message, [&] { act(executing); })); });
  self = &generator;
  EXPECT_EQ(generator.next(), 1);
  EXPECT_EQ(generator.next(), 2);
  EXPECT_EQ(generator.next(), std::nullopt);
  EXPECT_EQ(generator.result(), 3);
}

TEST(Generator, ThatExecutesCannotGoOn) {  // "ValueError: generator already executing"
  is_refused("Generator::next: generator already executing", [](auto& self) { self.next(); });
  is_refused("Generator::send: generator already executing", [](auto& self) { self.send(1); });
  is_refused("Generator::next: generator already executing",
             [](auto& self) { static_cast<void>(self.begin() == self.end()); });
}

TEST(Generator, ThatExecutesCannotBeClosed) {
  is_refused("Generator::close: generator already executing", [](auto& self) { self.close(); });
}

TEST(Generator, ThatExecutesHasNoResult) {
  is_refused("Generator::result: the generator has not ended",
             [](auto& self) { static_cast<void>(self.result()); });
}

TEST(GeneratorDeathTest, ThatDestroysItselfEndsTheProgram) {
  const auto suicidal = [](std::optional<Generator<int>>& self) -> Generator<int> {
    co_yield 1;
    self.reset();
  };
  std::optional<Generator<int>> generator;
  generator = suicidal(generator);
  generator->next();
  EXPECT_DEATH(generator->next(), "terminate");
}

TEST(Generator, IsClosedAlreadyForItsOwnDyingLocals) {
  struct Curious {
    ~Curious() { last_answer = self->next(); }
    Generator<int>*& self;
    std::optional<int>& last_answer;
  };
  const auto curious = [](Generator<int>*& self, std::optional<int>& answer) -> Generator<int> {
    const Curious local{self, answer};
    co_yield 1;
    co_yield 2;
  };
  Generator<int>* self = nullptr;
  std::optional<int> answer = 7;
  Generator<int> generator = curious(self, answer);
  self = &generator;
  generator.next();
  generator.close();
  EXPECT_EQ(answer, std::nullopt);
}

// --- As a range ----------------------------------------------------------------------------------

static_assert(std::ranges::input_range<Generator<int>>);
static_assert(std::ranges::input_range<Generator<std::unique_ptr<int>>>);
static_assert(std::ranges::input_range<Generator<const std::string&, int, int>>);
static_assert(std::input_iterator<std::ranges::iterator_t<Generator<int>>>);
static_assert(!std::forward_iterator<std::ranges::iterator_t<Generator<int>>>);
static_assert(std::is_same_v<std::ranges::range_reference_t<Generator<int>>, int&>);
static_assert(std::is_same_v<std::ranges::range_reference_t<Generator<const int&>>, const int&>);
static_assert(std::is_same_v<std::ranges::range_value_t<Generator<const int&>>, int>);

TEST(Generator, CanBeLoopedOver) {
  EXPECT_EQ(all_of(count_to(3)), (std::vector{1, 2, 3}));
  EXPECT_EQ(all_of(count_to(0)), std::vector<int>{});
}

TEST(Generator, FitsIntoAPipelineAsAnObjectAndAsATemporary) {
  Generator<int> numbers = count_to(9);
  EXPECT_EQ(all_of(numbers | std::views::take(2)), (std::vector{1, 2}));
  EXPECT_EQ(all_of(count_to(9) | std::views::drop(7)), (std::vector{8, 9}));
  const auto is_even = [](int number) { return number % 2 == 0; };
  const auto squared = [](int number) { return number * number; };
  EXPECT_EQ(all_of(count_to(9) | std::views::filter(is_even) | std::views::transform(squared) |
                   std::views::take(2)),
            (std::vector{4, 16}));
  EXPECT_EQ(std::ranges::count_if(count_to(9), is_even), 4);
}

TEST(Generator, ComputesNoMoreThanALoopLooksAt) {
  int computed = 0;
  Generator<int> numbers = count_to(9, computed);
  EXPECT_EQ(all_of(numbers | std::views::take(0)), std::vector<int>{});
  EXPECT_EQ(computed, 0);
  EXPECT_EQ(all_of(numbers | std::views::take(5)), (std::vector{1, 2, 3, 4, 5}));
  EXPECT_EQ(computed, 5);
  EXPECT_EQ(numbers.next(), 6);
}

TEST(Generator, IsNotStartedByBegin) {
  int computed = 0;
  Generator<int> numbers = count_to(9, computed);
  auto iterator = numbers.begin();
  EXPECT_EQ(computed, 0);
  EXPECT_EQ(*iterator, 1);
  EXPECT_EQ(*iterator, 1) << "looking twice is no step";
  ++iterator;
  iterator++;
  EXPECT_EQ(*iterator, 3);
}

TEST(Generator, GoesOnInTheNextLoopWhereThisOneWasLeft) {
  Generator<int> numbers = count_to(4);
  EXPECT_EQ(numbers.next(), 1);
  for (const int number : numbers) {
    EXPECT_EQ(number, 2);
    break;
  }
  EXPECT_EQ(all_of(numbers), (std::vector{3, 4}));
  EXPECT_EQ(all_of(numbers), std::vector<int>{});
}

TEST(Generator, MayBeAskedDirectlyInALoop) {
  Generator<int> numbers = count_to(5);
  std::vector<int> seen;
  for (const int number : numbers) {
    seen.push_back(number);
    numbers.next();  // skips one
  }
  EXPECT_EQ(seen, (std::vector{1, 3, 5}));
}

TEST(Generator, ThatIsClosedInALoopEndsTheLoop) {
  Generator<int> numbers = count_to(5);
  int rounds = 0;
  for (const int number : numbers) {
    rounds += number;
    numbers.close();
  }
  EXPECT_EQ(rounds, 1);
}

TEST(Generator, LetsAnExceptionOutOfALoop) {
  Words deaths;
  auto generator = that_throws_when_sent(deaths);
  std::vector<int> seen;
  EXPECT_THROW(for (const int number : generator) { seen.push_back(number); }, std::length_error);
  EXPECT_EQ(seen, std::vector{1});
  EXPECT_EQ(all_of(generator), std::vector<int>{});
}

TEST(Generator, LeavesAValueToTheGeneratorThatALoopOnlyLooksAt) {
  const auto words = []() -> Generator<Traveller> { co_yield Traveller(); };
  for (const Traveller& traveller : words()) {
    EXPECT_EQ(traveller.copies + traveller.moves, 0);
  }
}

// --- Functions of every kind ---------------------------------------------------------------------

struct Tree {
  int value;
  std::vector<Tree> branches;

  [[nodiscard]] Generator<const int&> values() const {
    co_yield value;
    for (const Tree& branch : branches) {
      for (const int& below : branch.values()) co_yield below;
    }
  }
};

TEST(Generator, MayBeAMemberFunction) {
  const Tree tree{1, {{2, {{3, {}}}}, {4, {}}}};
  EXPECT_EQ(all_of(tree.values()), (std::vector{1, 2, 3, 4}));
}

template <class Awaited>
concept CanBeAwaited = requires(Generator<int>::promise_type promise, Awaited awaited) {
  promise.await_transform(awaited);
};
static_assert(!CanBeAwaited<std::suspend_always>, "it cannot wait: nobody would resume it");

}  // namespace
}  // namespace lockstep::test
