// checker/explore/walk.hpp: one execution in each run, built from its beginning to its end.
//
// Walk keeps the graph consistent and finds out what is possible at each event; which possibility
// it is to be is left to RandomWalk, Replay, or GuidedWalk (random_walk.hpp, replay.hpp, guided_walk.hpp).
// Checked by: tests/oracle/walk_test.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "checker/explore/strategy.hpp"
#include "checker/graph/graph.hpp"
#include "checker/model/model.hpp"

namespace lockstep::check {

class Walk : public Strategy {
 public:
  void begin_run() override;

  Seen load(std::size_t thread, Location location, Order order) final;
  void store(std::size_t thread, Location location, Order order, Value value) final;
  Seen read_modify_write(std::size_t thread, Location location, const Update& update) final;
  void fence(std::size_t thread, Order order) final;
  std::size_t choose(std::size_t thread, std::size_t n, std::size_t open) final;
  std::size_t create(std::size_t thread, std::size_t like) final;
  void end(std::size_t thread) final;
  void join(std::size_t thread, std::size_t joined) final;
  void wake(std::size_t thread, EventId by, Location location, Order order) final;
  void initialize(Location location, Value value) final;
  bool park(std::size_t thread, std::size_t first) final;

  [[nodiscard]] const Graph& graph() const final { return graph_; }
  [[nodiscard]] std::size_t done(std::size_t thread) const final {
    return graph_.thread(thread).size();
  }

 protected:
  void change_choice(std::size_t thread, std::size_t chosen);

  /// What a read may see. `fails`: as a weak compare-exchange that fails for no reason.
  struct Sight {
    std::size_t place;
    bool fails;
  };

  // Where among the possibilities is that with so many later writes in co? (As in a TokenStep.)
  [[nodiscard]] static std::optional<std::size_t> find_sight(const std::vector<Sight>& sights,
                                                             std::uint64_t later, bool fails);
  [[nodiscard]] static std::optional<std::size_t> find_place(const std::vector<std::size_t>& places,
                                                             std::uint64_t later);

  Walk(const Model& model, unsigned spurious_failures)
      : model_(model), spurious_failures_(spurious_failures), graph_(model.synchronization()) {}

 private:
  /// `thread` is about to do that.
  virtual void begin_event(std::size_t thread, const Label& asked) = 0;
  // Which of the possibilities, none of which is like another. The last is always possible; if an
  // earlier one turns out not to be, the question comes again without it.
  [[nodiscard]] virtual std::size_t pick_sight(const std::vector<Sight>& sights) = 0;
  [[nodiscard]] virtual std::size_t pick_place(const std::vector<std::size_t>& places) = 0;
  /// Of the first `open` of n, if it has to be none of the others.
  [[nodiscard]] virtual std::size_t pick_choice(std::size_t n, std::size_t open) = 0;
  /// The number of the n-th thread that a thread creates.
  [[nodiscard]] virtual std::size_t number_of_created(std::size_t creator, std::size_t n) = 0;
  /// Does a read-modify-write that would write wait instead?
  [[nodiscard]] virtual bool waits() const { return false; }

  EventId add(std::size_t thread, const Label& asked);
  void find_sights(EventId read);
  [[nodiscard]] bool choose_sight(EventId read);
  void choose_place(EventId write);
  [[nodiscard]] bool may_fail(EventId read) const;

  const Model& model_;
  const unsigned spurious_failures_;
  Graph graph_;
  std::array<std::size_t, max_threads> created_{};  // threads by each thread
  std::vector<Sight> sights_;                       // scratch
  std::vector<std::size_t> places_;                 // scratch
};

}  // namespace lockstep::check
