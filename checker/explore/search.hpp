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
// search by itself would add it last. So each graph is reached in one way only.
//
// Work that is put by is a few words in a stack, and a revisit begins a graph of its own above the
// one it came from: memory is polynomial in the length of one execution, whatever their number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "checker/graph/graph.hpp"
#include "checker/model/model.hpp"

namespace lockstep::check {

/// A read-modify-write. With `expected`, a compare-exchange, which writes only if it sees that.
struct Update {
  Order order = Order::relaxed;
  std::function<Value(Value seen)> written;
  std::optional<Value> expected;
  Order failure = Order::relaxed;  // the order of a compare-exchange that does not write
};

class Search {
 public:
  explicit Search(const Model& model) : model_(model) {
    stack_.push_back({Graph(model.synchronization()), {}});
  }

  /// Begins a run. Every thread of the program starts at its beginning.
  void begin_run();

  /// While this is true, only threads that `can_step` may go on.
  [[nodiscard]] bool is_replaying() const noexcept { return to_replay_ > 0; }
  [[nodiscard]] bool can_step(std::size_t thread) const noexcept;

  // What the threads of the program do.
  Value load(std::size_t thread, Location location, Order order);
  void store(std::size_t thread, Location location, Order order, Value value);
  Value read_modify_write(std::size_t thread, Location location,
                          const Update& update);  // what it sees
  void fence(std::size_t thread, Order order);

  /// Ends a run in which every thread came to its end; graph() is complete. False: the search too.
  [[nodiscard]] bool end_run();

  /// The graph of this run so far.
  [[nodiscard]] const Graph& current() const noexcept { return stack_.back().graph; }

 private:
  /// Something else to do, when the graph is cut back to `size` events.
  struct Work {
    enum class Kind : std::uint8_t {
      see,         // the last event, a read, sees `event`
      place,       // the last event, a write, goes to `place` in co
      revisit,     // the read `event` sees the last event, a write
      revisit_rmw  // the last event, a read half, sees `event`; its write half writes `value` and is
                   // seen by the read `revisited`
    };
    std::size_t size;
    Kind kind;
    EventId event{};
    std::size_t place = 0;
    EventId revisited{};
    Value value = 0;
  };
  struct Exploration {
    Graph graph;
    std::vector<Work> work;
  };

  [[nodiscard]] bool is_recorded(std::size_t thread) const noexcept {
    return thread < graph().threads() && ran(thread) < graph().thread(thread).size();
  }
  [[nodiscard]] std::size_t ran(std::size_t thread) const noexcept {
    return thread < ran_.size() ? ran_[thread] : 0;
  }
  const Event& replay(std::size_t thread);
  void mark_run(std::size_t thread);
  EventId add(std::size_t thread, const Event& event);

  void choose_rf(EventId read, const Update* update);
  void choose_place(EventId write);
  void put_by_revisits(EventId write);
  void put_by_revisits_by_rmw(EventId read, std::size_t place, Value value);
  [[nodiscard]] std::size_t lowest_place(EventId event) const;
  [[nodiscard]] std::vector<std::size_t> coherent_places(EventId write) const;
  [[nodiscard]] bool is_revisitable(std::size_t nth, const View& prefix) const;
  [[nodiscard]] bool was_added_maximally(std::size_t nth, const View& prefix) const;

  [[nodiscard]] bool next();
  [[nodiscard]] bool carry_out(const Work& work);
  [[nodiscard]] bool revisit(EventId read);
  void put_by(Work work) { stack_.back().work.push_back(work); }
  [[nodiscard]] const Graph& graph() const noexcept { return stack_.back().graph; }
  [[nodiscard]] Graph& graph() noexcept { return stack_.back().graph; }

  const Model& model_;
  std::vector<Exploration> stack_;
  std::vector<std::size_t> ran_;  // events of each thread in this run
  std::size_t to_replay_ = 0;
};

}  // namespace lockstep::check
