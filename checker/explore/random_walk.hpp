// checker/explore/random_walk.hpp: executions at random, each in a manner that is drawn for it.
//
// If at every step each possibility is as likely, a walk hardly ever comes to where one thread does much
// between two events of another: each event there halves the chance. So each walk draws first
//   who goes on:     anyone; or whoever did before; or the highest in a ranking of the threads, whose first
//                    falls to the end now and then (PCT: Burckhardt, Kothari, Musuvathi, Nagarakatte,
//                    "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010)
//   what is seen:    any write; or the newest, as if there were one memory; or the oldest, as if threads
//                    hardly heard of each other (after PCTWM: Gao, Chakraborty, Ozkan, ASPLOS 2023)
//   what is chosen:  anything; or the first, which is that nothing happens without a reason
// and how often it makes an exception, in which again each possibility is as likely.
//
// There are exceptions, and a ranking changes any number of times: so each manner comes to every execution.
// In none does a thread that goes round a loop keep the others out for ever.
//
// Where one event decides that a later one of the same thread is impossible (sleepers_heed_wakes), a walk
// does not pick what leads there; and who waits in vain for a wake, but could have timed out, times out.
// Checked by: tests/oracle/walk_test.cpp; tests/system/random_futex_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "checker/explore/thread_numbers.hpp"
#include "checker/explore/walk.hpp"

namespace lockstep::check {

/// How a walk chooses.
struct Manner {
  enum class Turns : std::uint8_t { any, keeping, ranked };
  enum class Sights : std::uint8_t { any, newest, oldest };

  Turns turns = Turns::any;
  Sights sights = Sights::any;
  bool is_calm = false;     // of what can be chosen, the first
  unsigned exceptions = 1;  // one in 2^exceptions
};

/// So many executions at random. The same seed gives the same executions.
class RandomWalk final : public Walk {
 public:
  /// With a manner: all in that one.
  RandomWalk(const Model& model, std::uint64_t walks, std::uint64_t seed,
             unsigned spurious_failures = 0, std::optional<Manner> manner = std::nullopt)
      : Walk(model, spurious_failures), only_manner_(manner), walks_left_(walks), random_(seed) {}

  void begin_run() override;
  Seen load_before_sleep(std::size_t thread, Location word, Order order, Value if_it_sees,
                         Location queue) override;
  [[nodiscard]] bool choose_again(std::size_t thread, std::size_t chosen) override {
    change_choice(thread, chosen);
    return true;
  }
  [[nodiscard]] std::size_t choose_thread(ThreadSet able, std::size_t running) override;
  [[nodiscard]] bool expects(std::size_t) const override { return false; }
  [[nodiscard]] bool is_repeating() const override { return false; }
  [[nodiscard]] bool end_run() override { return walks_left_ > 0 && --walks_left_ > 0; }

 private:
  void begin_event(std::size_t /*thread*/, const Label& /*asked*/) override {}
  std::size_t pick_sight(const std::vector<Sight>& sights) override;
  std::size_t pick_place(const std::vector<std::size_t>& places) override;
  std::size_t pick_choice(std::size_t n, std::size_t open) override;
  std::size_t number_of_created(std::size_t creator, std::size_t n) override {
    return numbers_.of(creator, n);
  }

  [[nodiscard]] Manner draw_manner();
  [[nodiscard]] std::size_t any_sight(std::size_t n);
  [[nodiscard]] bool makes_sleep_impossible(const Sight& sight) const;
  [[nodiscard]] std::size_t any_of(ThreadSet able);
  void rank(ThreadSet able);
  void draw_falls();
  [[nodiscard]] std::size_t highest_of(ThreadSet able);

  /// The distributions of <random> differ between libraries; the bias of % is nothing here.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  bool makes_exception() { return below(std::size_t{1} << manner_.exceptions) == 0; }

  const std::optional<Manner> only_manner_;
  std::uint64_t walks_left_;
  std::mt19937_64 random_;
  ThreadNumbers numbers_;
  std::size_t turns_before_ = 0;  // of the walk before this

  /// A read after which a thread goes to sleep.
  struct BeforeSleep {
    Location word;
    Value if_it_sees;
    std::size_t lowest_place;  // in co, from which on the sleep is possible
  };

  // This walk
  Manner manner_;
  std::optional<BeforeSleep> before_sleep_;
  std::vector<std::size_t> possible_;  // scratch
  std::size_t turns_ = 0;              // for which there was more than one thread
  std::vector<std::size_t> ranking_;   // threads, from the highest
  std::vector<std::size_t> falls_;     // the turns before which the highest falls
  ThreadSet ranked_ = 0;               // who is in it
  std::size_t last_fall_ = 0;          // before which turn
};

}  // namespace lockstep::check
