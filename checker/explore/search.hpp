// checker/explore/search.hpp: every execution graph of a program, each exactly once.
//
// Kokologiannakis, Marmanis, Gladstein, Vafeiadis, "Truly Stateless, Optimal Dynamic Partial Order
// Reduction" (POPL 2022). The program is run again and again; at each run the search knows the
// graph so far, and answers for it (replay) until the graph ends. Then each event is new:
//   - a read takes the last write that it may see; the others are put by as work;
//   - a write is placed last in co; the other places are put by as work;
//   - and each earlier read that might as well have seen the new write is put by as work, to be
//     revisited: the graph then keeps what was added before that read and what the write depends on.
// A read is revisited only if all that is thrown away (and itself) was added *maximally*: as the
// search by itself would add it last. So each graph is reached in one way only, if who goes on next
// follows from the graph.
//
// A thread that spins waits (park). What its last iteration wrote, which was what was there, is
// taken back, so that those who spin on one lock do not take turns in every order. If what is left of the iteration is one
// read, that is taken back too, and done again in the same run when there is something new to see
// (attempts.cpp): as Kokologiannakis, Marmanis and Vafeiadis revisit the reads of awaits in place ("Unblocking
// Dynamic Partial Order Reduction", CAV 2023), but for loops that are recognized only when they have gone round. What is
// known to make a thread wait (Foresight) is not put by.
//
// Work that is put by is a few words in a stack, and a revisit begins a graph of its own above the
// one it came from: memory is polynomial in the length of one execution, whatever their number.
//
// Of executions that differ only in which of several identical threads did what, one is explored (symmetry.hpp).
//
// Read search.cpp (runs), then new_events.cpp (what is possible), revisit.cpp, attempts.cpp, parts.cpp, and packing.cpp.
// Checked by: tests/oracle/search_test.cpp, tests/oracle/spin_test.cpp, tests/oracle/symmetry_test.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "checker/explore/strategy.hpp"
#include "checker/explore/thread_numbers.hpp"
#include "checker/graph/graph.hpp"
#include "checker/model/model.hpp"

namespace lockstep::check {

class Search final : public Strategy {
 public:
  /// `spurious_failures`: how often in an execution the weak compare-exchanges of one thread may
  /// fail for no reason.
  explicit Search(const Model& model, unsigned spurious_failures = 0);

  void foresee_by(const Foresight* foresight) override { foresight_ = foresight; }
  void begin_run() override;
  [[nodiscard]] std::size_t choose_thread(ThreadSet able, std::size_t running) override;

  Seen load(std::size_t thread, Location location, Order order) override;
  void store(std::size_t thread, Location location, Order order, Value value) override;
  Seen read_modify_write(std::size_t thread, Location location, const Update& update) override;
  void fence(std::size_t thread, Order order) override;
  std::size_t choose(std::size_t thread, std::size_t n, std::size_t open) override;
  std::size_t create(std::size_t thread, std::size_t like) override;
  void end(std::size_t thread) override;
  void join(std::size_t thread, std::size_t joined) override;
  void wake(std::size_t thread, EventId by, Location location, Order order) override;
  [[nodiscard]] bool expects(std::size_t thread) const override { return is_recorded(thread); }
  [[nodiscard]] bool is_repeating() const override { return to_replay_ > 0; }
  void initialize(Location location, Value value) override;
  bool park(std::size_t thread, std::size_t first) override;
  [[nodiscard]] bool can_see_more(std::size_t thread, std::size_t first) const override;
  [[nodiscard]] bool waits_for_ever(std::size_t thread, std::size_t first) const override;

  void add_what_waits() override;
  [[nodiscard]] bool end_run() override;
  [[nodiscard]] const Graph& graph() const override { return top().graph; }
  [[nodiscard]] std::size_t done(std::size_t thread) const override { return done_[thread]; }

 private:
  /// Something else to do, when the graph is cut back to `size` events.
  struct Work {
    enum class Kind : std::uint8_t {
      see,          // the last event, a read, sees `event`; or fails spuriously
      place,        // the last event, a write, goes to `place` in co
      pick,         // the last event, a choice, is `value`
      revisit,      // the read `event` sees the last event, a write, wherever that may then go
      settle,       // the read `event` sees the last event, at `place` in co; or fails spuriously
      revisit_rmw,  // the last event, a read half, sees `event`; its write half writes `value` and
                    // is seen by the read `revisited`
    };
    std::size_t size;
    Kind kind;
    bool fails = false;
    EventId event{};
    EventId revisited{};
    std::size_t place = 0;
    Value value = 0;
  };
  /// A read that came to nothing, and was taken out of the graph (attempts.cpp).
  struct Attempt {
    EventId read;  // its first event, and its only one
    Label label;
    Location location;
    std::size_t size;    // of the graph then
    EventId saw;         // with which the thread waits
    EventId behind;      // if it was made to see a write that came later, that one
    std::size_t before;  // then: where the read stood
  };
  struct Exploration {
    Graph graph;
    std::vector<Work> work;
    std::vector<Attempt> attempts;
  };

 public:
  // Between two runs (parts.cpp)

  /// Work, or if there is none a graph to run. What one search gives and another takes is done once.
  using Part = Exploration;
  /// To be called before the first run, if processes are going to be forked that take parts.
  void share_thread_numbers() { numbers_.share(); }
  /// Some of the work that was put by and not yet begun, if there is any.
  [[nodiscard]] std::optional<Part> give();
  /// Replaces what there is to do. False: nothing is to be run for it.
  [[nodiscard]] bool take(const Part& part);

  // What a search leaves undone, for another process or a file (packing.cpp)

  /// All that is still to do, in the order in which it would be done, backwards. `is_to_run`: a run is due for the graph.
  [[nodiscard]] std::vector<Part> rest(bool is_to_run) const;
  [[nodiscard]] static std::string packed(const Part& part);
  /// What a location, and a value there, that were packed are in this process.
  struct Translation {
    std::vector<Location> locations;
    std::function<Value(Location, Value)> value;
  };
  /// Throws std::invalid_argument or std::out_of_range if the bytes are none of a part.
  [[nodiscard]] static Part unpacked(std::string_view bytes, const Translation& translation,
                                     Synchronization synchronization);
  [[nodiscard]] ThreadNumbers& thread_numbers() noexcept { return numbers_; }

  // Of what is still to do, as a tree, a branch is picked at random, each as likely at every fork;
  // `branches` is multiplied by how many there were. So is Knuth's estimate made.

  /// In a search that is about to run a graph.
  [[nodiscard]] Part pick(std::mt19937_64& random, double& branches) const;
  [[nodiscard]] static Part pick_of(const Part& part, std::mt19937_64& random, double& branches);
  /// Instead of end_run(). False: it was the run's own branch, to its end; or (and `branches` is 0)
  /// nothing is to be run in the branch.
  [[nodiscard]] bool descend(std::mt19937_64& random, double& branches);

 private:
  static const Work* pick_work(const std::vector<Work>& work, bool is_all, std::mt19937_64& random,
                               double& branches);

  // Runs (search.cpp)
  [[nodiscard]] bool is_recorded(std::size_t thread) const noexcept {
    return to_replay_ > 0 && done_[thread] < top().graph.thread(thread).size();
  }
  [[nodiscard]] bool can_repeat(std::size_t thread) const noexcept;
  const Event& replay(std::size_t thread, const Label& asked);
  EventId add(std::size_t thread, const Label& asked);
  void add_write(std::size_t thread, const Label& asked);
  void do_simple(std::size_t thread, const Label& asked);
  void take_back_write(std::size_t thread);
  void drop_work_beyond(std::size_t size);
  [[nodiscard]] bool has_identical(std::size_t thread) const noexcept;

  // What is possible for a new event: one possibility is taken, the others are put by
  // (new_events.cpp)
  [[nodiscard]] bool choose_rf(EventId read, const Update* update);
  [[nodiscard]] bool is_heeded(EventId read, EventId write);
  [[nodiscard]] bool is_idle(EventId read, EventId write, const Update* update, bool fails) const;
  void offer(EventId read, EventId write, bool fails);
  [[nodiscard]] bool may_fail(EventId read) const;
  void choose_place(EventId write);
  void put_by(const Work& work) {
    if (!is_futile_) top().work.push_back(work);
  }

  // Revisits (revisit.cpp)
  void put_by_revisits(EventId write);
  void put_by_revisits_by_rmw(EventId read, std::size_t place, Value value);
  template <class Visit>
  void for_each_revisitable(Location location, const View& prefix, Visit visit) const;
  void revisit(EventId read);
  void put_by_settling(EventId read, EventId write);

  // attempts.cpp
  [[nodiscard]] const Attempt* last_attempt(EventId read) const noexcept;
  [[nodiscard]] bool leads_back(const Attempt& attempt, const View& prefix,
                                EventId self = {}) const noexcept;
  [[nodiscard]] bool is_due(EventId read, const View& prefix, EventId self = {}) const noexcept;
  [[nodiscard]] bool is_new(const Attempt& last, EventId write) const noexcept;
  void take_out(EventId read);
  [[nodiscard]] bool suspend(EventId read);
  void suspend_revisited();

  // Work that was put by (search.cpp)
  static void cut_back(Exploration& exploration, std::size_t size);
  [[nodiscard]] bool next();
  [[nodiscard]] bool carry_out(const Work& work);
  void begin_exploration();

  [[nodiscard]] const Exploration& top() const noexcept { return *top_; }
  [[nodiscard]] Exploration& top() noexcept { return *top_; }
  void set_depth(std::size_t depth) noexcept {
    depth_ = depth;
    top_ = &stack_[depth - 1];
  }

  const Model& model_;
  const unsigned spurious_failures_;
  const Foresight* foresight_ = nullptr;
  std::deque<Exploration> stack_;  // the first depth_ of them; the rest is storage for later
  std::size_t depth_ = 0;
  Exploration* top_ = nullptr;  // the last of them
  ThreadNumbers numbers_;
  std::vector<std::size_t> places_;  // scratch

  // This run
  std::array<std::uint16_t, max_threads> done_{};     // events of each thread
  std::array<std::uint16_t, max_threads> created_{};  // threads by each thread
  std::size_t to_replay_ = 0;
  std::size_t recorded_ = 0;          // the size of the graph that is or was repeated
  std::size_t work_before_ = 0;       // how much work the run found
  std::optional<Attempt> revisited_;  // to be taken out when all is repeated
  bool is_futile_ = false;  // a thread waits and will for ever: nothing else need be tried
};

/// With respect to what was there before the event, or is in the prefix: did it see the last write,
/// or was it placed last and seen by nobody? Was it what the search does by itself?
[[nodiscard]] bool was_added_maximally(const Graph& graph, EventId event, const View& prefix);

}  // namespace lockstep::check
