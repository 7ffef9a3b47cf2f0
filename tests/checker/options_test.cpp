// What may be asked of explore(), and what its result says.
#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

using Outcomes = std::map<std::string, std::uint64_t>;
constexpr auto relaxed = std::memory_order_relaxed;

/// n! executions.
template <std::size_t n>
void increments() {
  std::atomic<int> x{0};
  std::array<std::thread, n> threads;
  for (std::thread& thread : threads) thread = std::thread([&] { x.fetch_add(1); });
  for (std::thread& thread : threads) thread.join();
}

/// No error, but not everything was looked at.
testing::AssertionResult is_bounded_by(const std::string& bound, const Result& result) {
  std::ostringstream printed;
  printed << result;
  const bool says_so = printed.str().find("no error within these bounds (" + bound + ")") == 0;
  const bool is_bounded = result.verdict == Verdict::bounded && result.bound == bound;
  const bool claims_no_more = !result.passed() && result.found_nothing() && result.report.empty();
  return (is_bounded && says_so && claims_no_more ? testing::AssertionSuccess()
                                                  : testing::AssertionFailure())
         << result;
}

TEST(Bounds, MaxExecutionsEndsWithoutAVerdictOnTheRest) {
  Options options;
  options.max_executions = 5;
  const Result result = explored(&increments<3>, options);
  EXPECT_TRUE(is_bounded_by("max_executions", result));
  EXPECT_EQ(result.executions, 5u);
  options.max_executions = 100;
  EXPECT_TRUE(explored(&increments<3>, options).passed());
}

TEST(Bounds, MaxEventsCutsExecutionsShort) {
  Options options;
  options.max_events = 5;  // the first thread creates three and joins three
  const Result result = explored(&increments<3>, options);
  EXPECT_TRUE(is_bounded_by("max_events", result));
  EXPECT_GT(result.cut, 0u);
  EXPECT_EQ(result.executions, 0u);
}

TEST(Bounds, MaxEventsEndsAProgramThatDoesNot) {
  Options options;
  options.max_events = 100;
  EXPECT_TRUE(is_bounded_by("max_events", explored(
                                              [] {
                                                std::atomic<unsigned> x{0};
                                                for (;;) x.fetch_add(1, relaxed);
                                              },
                                              options)));
}

TEST(Bounds, TheTimeLimitEndsALongSearch) {
  using namespace std::chrono_literals;
  Options options;
  options.time_limit = 30ms;
  const Result result = explore(&increments<9>, options);
  EXPECT_TRUE(is_bounded_by("time_limit", result));
  EXPECT_GE(result.time, 30ms);
  EXPECT_GT(result.executions, 0u);
}

TEST(Bounds, AnErrorWithinThemIsStillAnError) {
  Options options;
  options.max_executions = 5;
  const Result result = explored([] { require(false); }, options);
  EXPECT_EQ(result.verdict, Verdict::failed);
  EXPECT_FALSE(result.found_nothing());
}

// Random walks

Result walked(const Program& program, std::uint64_t walks, std::uint64_t seed) {
  Options options;
  options.random_walks = walks;
  options.seed = seed;
  return explored(program, options);
}

TEST(RandomWalks, AreAsManyAsAskedForAndProveNothing) {
  const Result result = walked(&increments<3>, 50, 1);
  EXPECT_TRUE(is_bounded_by("random walks", result));
  EXPECT_EQ(result.executions, 50u);
}

void easily_wrong() {
  std::atomic<int> x{0};
  std::thread a([&] { x.fetch_add(1); });
  std::thread b([&] { x.store(5); });
  a.join();
  b.join();
  require(x == 6 || choose(4) != 3);
}

// A thread may wait for another write at the very event that is its last.
TEST(RandomWalks, AreCutShortInALoopThatWaits) {
  Options options;
  options.random_walks = 10'000;
  options.max_events = 7;
  const Result result = explored(
      [] {
        std::atomic<int> x{0};
        std::thread counts([&] {
          for (int i = 1; i < 4; ++i) x.store(i, relaxed);
        });
        while (x.load(relaxed) != 3) {
        }
        counts.join();
      },
      options);
  EXPECT_TRUE(is_bounded_by("max_events", result));
  EXPECT_GT(result.executions, 0u);
  EXPECT_GT(result.cut, 0u);
}

TEST(RandomWalks, FindAnEasyErrorWhichItsTokenRepeats) {
  const Result result = walked(&easily_wrong, 1'000, 3);
  ASSERT_EQ(result.wrong, Wrong::requirement) << result;
  EXPECT_EQ(replayed(&easily_wrong, result.token).wrong, Wrong::requirement);
}

TEST(RandomWalks, TheSameSeedGivesTheSameWalks) {
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    const Result first = walked(&easily_wrong, 1'000, seed),
                 second = walked(&easily_wrong, 1'000, seed);
    EXPECT_EQ(first.executions, second.executions);
    EXPECT_EQ(first.token, second.token);
    EXPECT_EQ(first.report, second.report);
  }
}

TEST(RandomWalks, AnotherSeedGivesOtherWalks) {
  std::map<std::uint64_t, int> found_after;
  for (std::uint64_t seed = 1; seed < 20; ++seed)
    ++found_after[walked(&easily_wrong, 1'000, seed).executions];
  EXPECT_GT(found_after.size(), 1u);
}

// Models

Outcomes of_store_buffering(MemoryModel model, std::memory_order order) {
  Options options;
  options.model = model;
  const Result result = explored(
      [order] {
        std::atomic<int> x{0}, y{0};
        int a = 0;
        std::thread thread([&] {
          x.store(1, order == std::memory_order_seq_cst ? order : relaxed);
          a = y.load(order);
        });
        y.store(1, order == std::memory_order_seq_cst ? order : relaxed);
        const int b = x.load(order);
        thread.join();
        outcome(std::to_string(a));
        outcome(std::to_string(b));
      },
      options);
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.model, model);
  return result.outcomes;
}

TEST(Models, OnlyScKeepsRelaxedStoresFromBeingBuffered) {
  const Outcomes all{{"0 0", 1}, {"0 1", 1}, {"1 0", 1}, {"1 1", 1}};
  Outcomes sc = all;
  sc.erase("0 0");
  EXPECT_EQ(of_store_buffering(MemoryModel::rc11, relaxed), all);
  EXPECT_EQ(of_store_buffering(MemoryModel::tso, relaxed), all);
  EXPECT_EQ(of_store_buffering(MemoryModel::sc, relaxed), sc);
  for (const MemoryModel model : {MemoryModel::rc11, MemoryModel::tso, MemoryModel::sc}) {
    EXPECT_EQ(of_store_buffering(model, std::memory_order_seq_cst), sc);
  }
}

TEST(Models, OnlyRc11LetsTwoStoresBeSeenInTheOtherOrder) {
  const auto outcomes = [](MemoryModel model) {
    Options options;
    options.model = model;
    return explored(
               [] {
                 std::atomic<int> x{0}, y{0};
                 std::thread thread([&] {
                   x.store(1, relaxed);
                   y.store(1, relaxed);
                 });
                 const int a = y.load(relaxed);
                 outcome(std::to_string(a) + std::to_string(x.load(relaxed)));
                 thread.join();
               },
               options)
        .outcomes;
  };
  EXPECT_EQ(outcomes(MemoryModel::rc11).count("10"), 1u);
  EXPECT_EQ(outcomes(MemoryModel::tso).count("10"), 0u);
  EXPECT_EQ(outcomes(MemoryModel::sc).count("10"), 0u);
}

// Options that make no sense

/// Why explore() does not accept the options; nothing if it does.
std::string refusal(const Options& options) {
  try {
    (void)explore(&increments<2>, options);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

/// The same for those that `set` makes of the defaults: is it about that?
template <class Set>
testing::AssertionResult are_refused(const std::string& words, const Set& set) {
  Options options;
  set(options);
  const std::string why = refusal(options);
  const bool is_named = why.find("lockstep::check::explore: ") == 0;
  return (is_named && why.find(words) != std::string::npos ? testing::AssertionSuccess()
                                                           : testing::AssertionFailure())
         << "refused because: " << why;
}

TEST(Options, ContradictionsAreInvalid) {
  const std::string token = explored([] { require(false); }).token;
  EXPECT_TRUE(are_refused("both random_walks and replay", [&](Options& options) {
    options.replay = token;
    options.random_walks = 5;
  }));
  EXPECT_TRUE(
      are_refused("the memory model rc11, and Options::model is tso", [&](Options& options) {
        options.replay = token;
        options.model = MemoryModel::tso;
      }));
  EXPECT_TRUE(are_refused("jobs and random_walks are both", [](Options& options) {
    options.random_walks = 5;
    options.jobs = 2;
  }));
  EXPECT_TRUE(are_refused("explain is asked for without replay",
                          [](Options& options) { options.explain = true; }));
}

TEST(Options, ValuesThatNoneCanHaveAreInvalid) {
  EXPECT_TRUE(are_refused("jobs is 0", [](Options& options) { options.jobs = 0; }));
  EXPECT_TRUE(are_refused("max_events is 60001, and at most 60000",
                          [](Options& options) { options.max_events = 60'001; }));
  EXPECT_TRUE(are_refused("time_limit is negative", [](Options& options) {
    options.time_limit = std::chrono::milliseconds(-1);
  }));
  EXPECT_TRUE(are_refused("progress_interval is negative", [](Options& options) {
    options.progress_interval = std::chrono::milliseconds(-1);
  }));
  EXPECT_TRUE(
      are_refused("nondet_values is 0", [](Options& options) { options.nondet_values = 0; }));
}

TEST(Options, ATokenThatIsNoneIsInvalid) {
  for (const char* const token : {"nonsense", "rc11.", "rc11.nonsense", "rc11.AQuVS5"}) {
    EXPECT_TRUE(are_refused("copy all of the token from the end of a report",
                            [&](Options& options) { options.replay = token; }));
  }
}

// One at a time

/// What explore() says when it is called now.
std::string objection() {
  try {
    (void)explore([] {});
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "none";
}

TEST(OneAtATime, AnExploredProgramDoesNotExplore) {
  EXPECT_TRUE(fails(Wrong::uncaught_exception, [] { (void)explore([] {}); },
                    {"called by a program that is being explored", "thread 0"}));
}

TEST(OneAtATime, OthersAreToldToWait) {
  std::string on_progress, on_another_thread;
  Options options;
  options.progress_interval = {};
  options.on_progress = [&](const Progress&) {
    on_progress = objection();
    std::thread([&] { on_another_thread = objection(); }).join();
    throw std::runtime_error("that is enough");
  };
  EXPECT_THROW((void)explore(&increments<2>, options), std::runtime_error);
  for (const std::string& said : {on_progress, on_another_thread}) {
    EXPECT_NE(said.find("another exploration is under way in this process"), std::string::npos)
        << said;
  }
}

TEST(OneAtATime, TheNextMayBeginOnAnotherThread) {
  EXPECT_TRUE(explored(&increments<2>).passed());
  bool has_passed = false;
  std::thread([&] { has_passed = explored(&increments<2>).passed(); }).join();
  EXPECT_TRUE(has_passed);
}

TEST(Options, ThereMustBeAProgram) { EXPECT_THROW((void)explore(nullptr), std::invalid_argument); }

// The result

TEST(Results, OneThatPassedSaysSoAndCounts) {
  const Result result = explored(&increments<3>);
  std::ostringstream printed;
  printed << result;
  EXPECT_EQ(printed.str().find(
                "no error in any execution\nexecutions: 6  blocked: 0  model: rc11  time: "),
            0u)
      << printed.str();
  EXPECT_TRUE(result.passed() && result.found_nothing());
  EXPECT_TRUE(result.token.empty() && result.report.empty() && result.bound.empty());
}

TEST(Results, OneThatFailedPrintsItsReport) {
  const Result result = explored([] { require(false); });
  std::ostringstream printed;
  printed << result;
  EXPECT_EQ(printed.str().find("an execution is wrong\n"), 0u) << printed.str();
  EXPECT_NE(printed.str().find(result.report), std::string::npos);
  EXPECT_FALSE(result.passed() || result.found_nothing());
}

TEST(Results, TwoExplorationsInARowAreTheSame) {
  const Result first = explored(&easily_wrong), second = explored(&easily_wrong);
  EXPECT_EQ(first.executions, second.executions);
  EXPECT_EQ(first.token, second.token);
  EXPECT_EQ(first.report, second.report);
}

}  // namespace
}  // namespace lockstep::check
