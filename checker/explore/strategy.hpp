// checker/explore/strategy.hpp: what decides, in each run of the program, who goes on and what each
// read sees.
//
// The program is run again and again. Before each event of a thread it is asked who goes on; the
// thread that does then says what its event is and is told the outcome. Strategies: Search (every
// execution graph once), and walks (one execution in each run): RandomWalk, Replay (of a token), GuidedWalk (by some steps
// of a token).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "checker/explore/sees_all.hpp"
#include "checker/explore/sleepers.hpp"
#include "checker/graph/graph.hpp"

namespace lockstep::check {

/// A set of threads, the n-th bit for thread n.
using ThreadSet = std::uint32_t;

/// The numbers of the threads in a set, as it was, from the lowest: for (const std::size_t id : Members(set))
class Members {
 public:
  class Iterator {
   public:
    explicit Iterator(ThreadSet left) noexcept : left_(left) {}
    std::size_t operator*() const noexcept {
      return static_cast<std::size_t>(std::countr_zero(left_));
    }
    Iterator& operator++() noexcept {
      left_ &= left_ - 1;
      return *this;
    }
    friend bool operator==(Iterator, Iterator) noexcept = default;

   private:
    ThreadSet left_;
  };

  explicit Members(ThreadSet set) noexcept : set_(set) {}
  [[nodiscard]] Iterator begin() const noexcept { return Iterator(set_); }
  [[nodiscard]] Iterator end() const noexcept { return Iterator(0); }

 private:
  ThreadSet set_;
};

/// What a read-modify-write makes of what it sees.
enum class Operation : std::uint8_t {
  exchange,
  add,
  subtract,
  bit_and,
  bit_or,
  bit_xor,
  bit_nand,
  compare_exchange,
  // Of a queue (sleepers.hpp). `operand` says which thread, or how many.
  sleep,    // the thread goes to sleep; only a wake by one of the bits of `mask` is for it
  wake,     // so many wake whose masks have a bit of `mask`
  leave,    // the thread is not to sleep any longer
  move_in,  // the sleepers of the queue `operand` come in
  assemble  // the thread goes to sleep; if it is the `parties`-th, all wake instead
};

/// When a read-modify-write writes.
enum class When : std::uint8_t { always, equal, unless_equal };

/// A read-modify-write.
struct Update {
  Operation operation = Operation::exchange;
  Order order = Order::relaxed;
  Order failure = Order::relaxed;  // of a compare-exchange that does not write
  bool may_fail = false;     // a weak compare-exchange, which may fail though it sees `expected`
  When when = When::always;  // to `expected`; a compare-exchange: equal
  Role role = Role::none;
  std::uint8_t size = 8;  // bytes: results are taken modulo 2^(8 size)
  std::uint32_t mask = sleepers::any;
  std::uint32_t parties = 0;
  std::uint32_t moves_behind = 0;  // of a wake: so many, less 1, wake, and the others are moved
  Value operand = 0;
  Value expected = 0;
  bool is_awaited = false;  // the thread does nothing else before it has written

  [[nodiscard]] When condition() const noexcept {
    return operation == Operation::compare_exchange ? When::equal : when;
  }
  [[nodiscard]] bool would_write(Value seen) const noexcept {
    return condition() == When::always || (condition() == When::equal) == (seen == expected);
  }

  [[nodiscard]] Value written(Value seen) const noexcept {
    const Value bits = size >= sizeof(Value) ? ~Value{0} : (Value{1} << (8 * size)) - 1;
    switch (operation) {
      case Operation::exchange:
      case Operation::compare_exchange:
        return operand & bits;
      case Operation::add:
        return (seen + operand) & bits;
      case Operation::subtract:
        return (seen - operand) & bits;
      case Operation::bit_and:
        return seen & operand & bits;
      case Operation::bit_or:
        return (seen | operand) & bits;
      case Operation::bit_xor:
        return (seen ^ operand) & bits;
      case Operation::bit_nand:
        return ~(seen & operand) & bits;
      case Operation::sleep:
        return sleepers::with(seen, {static_cast<std::size_t>(operand), mask});
      case Operation::wake:
        return sleepers::without_first(seen, static_cast<std::uint64_t>(operand), mask);
      case Operation::leave:
        return sleepers::without(seen, static_cast<std::size_t>(operand));
      case Operation::move_in:
        return sleepers::joined(seen, operand);
      case Operation::assemble:
        if (sleepers::count(seen) + 1 == parties) return 0;
        return sleepers::with(seen, {static_cast<std::size_t>(operand)});
    }
    return seen;
  }
};

/// What a read, or the read of a read-modify-write, came to.
struct Seen {
  Value value = 0;
  bool wrote = false;    // of a read-modify-write
  bool initial = false;  // it sees the initial write
  /// There is nothing that it could see here: the run is no execution, and ends. Only of a thread that goes
  /// to sleep (Role), having seen an older value than those know who have woken others since.
  bool impossible = false;
};

/// What a read may come to, as far as its thread can tell.
struct Sight {
  Value value = 0;
  bool wrote = false;  // as Seen::wrote
  friend bool operator==(const Sight&, const Sight&) noexcept = default;
};

/// Knows beforehand what a thread would do.
class Foresight {
 public:
  virtual ~Foresight() = default;

  /// Of a thread that is about to read: if it sees that, is it then back where it is, having changed nothing?
  /// False if that is not known.
  [[nodiscard]] virtual bool idles(std::size_t thread, const Sight& sight) const = 0;
};

/// The program did something else than it did before with the same reads: its author's trouble.
class Divergence : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Strategy {
 public:
  virtual ~Strategy() = default;

  /// Of the runs from here on; null: none.
  virtual void foresee_by(const Foresight* /*foresight*/) {}

  /// Begins a run: thread 0 is at its beginning, there is no other.
  virtual void begin_run() = 0;

  // States of the program that are kept, so that later runs go on from there and not from the beginning.

  /// Somebody is about to choose who goes on: is it worth it to keep this state?
  [[nodiscard]] virtual bool is_worth_keeping() const { return false; }
  /// This state is kept: under which number. It may be one that was kept before, and is no longer needed.
  virtual std::size_t keep() { return 0; }
  /// To be asked after begin_run(): the state that the run goes on from; none: it begins at the beginning.
  [[nodiscard]] virtual std::optional<std::size_t> goes_on_from() const { return std::nullopt; }

  /// Of the threads that are able to go on, never none, the one that does its next event now.
  /// `running` is the one that asks, which need not be able to; it costs least to let it go on.
  [[nodiscard]] virtual std::size_t choose_thread(ThreadSet able, std::size_t running) = 0;

  // The event of the thread that was chosen. Any of them may throw Divergence.

  virtual Seen load(std::size_t thread, Location location, Order order) = 0;
  /// Of a thread that, if it sees that, goes to sleep in that queue before anyone else does anything. A strategy
  /// that need not see what makes this impossible may see something else.
  virtual Seen load_before_sleep(std::size_t thread, Location word, Order order,
                                 Value /*if_it_sees*/, Location /*queue*/) {
    return load(thread, word, order);
  }
  virtual void store(std::size_t thread, Location location, Order order, Value value) = 0;
  virtual Seen read_modify_write(std::size_t thread, Location location, const Update& update) = 0;
  virtual void fence(std::size_t thread, Order order) = 0;
  /// One of 0 to n-1, each in another execution. As things are, only the first `open` lead to an execution: a
  /// strategy that changes nothing of what was before need not pick another.
  virtual std::size_t choose(std::size_t thread, std::size_t n, std::size_t open) = 0;

  /// Nobody is able to go on, and the thread's last event was a choice: is it to be that one instead? False: where it
  /// is that one is another execution.
  [[nodiscard]] virtual bool choose_again(std::size_t /*thread*/, std::size_t /*chosen*/) {
    return false;
  }

  /// A thread is created: its number, at least 1, the same whenever the same thread of the program
  /// creates its n-th. max_threads or more: there are too many, and no event was added. `like`: the thread that it
  /// is identical to, of all that this one created; 0: none. A strategy may let one execution stand for all
  /// permutations of such threads.
  virtual std::size_t create(std::size_t thread, std::size_t like) = 0;
  /// The thread's last event.
  virtual void end(std::size_t thread) = 0;
  /// `joined` has ended.
  virtual void join(std::size_t thread, std::size_t joined) = 0;

  /// The thread was taken off the queue that is `location` by the write `by`, and goes on. If the order
  /// acquires, what that released happens before.
  virtual void wake(std::size_t thread, EventId by, Location location, Order order) = 0;

  /// Does the strategy know the thread's next event, so that it is to happen though it changes nothing?
  [[nodiscard]] virtual bool expects(std::size_t thread) const = 0;
  /// Does it know what is to happen next, whichever thread does it?
  [[nodiscard]] virtual bool is_repeating() const = 0;

  /// What a location holds before any write, said in each run before its first event there.
  virtual void initialize(Location location, Value value) = 0;

  /// The thread is back where it was before its event number `first`, having changed nothing since,
  /// and will not go on until it can see something else. True: it is able to go on as soon as a
  /// write that it has not seen is there (ask `can_see_more`). False: this run will not wake it.
  virtual bool park(std::size_t thread, std::size_t first) = 0;

  /// Of a thread that is parked and may be woken: is there something else for it to see?
  [[nodiscard]] virtual bool can_see_more(std::size_t thread, std::size_t first) const {
    return !sees_all(graph(), thread, first);
  }
  /// Of a thread that is parked: will it be for ever, if nobody writes any more?
  [[nodiscard]] virtual bool waits_for_ever(std::size_t thread, std::size_t first) const {
    return sees_all(graph(), thread, first);
  }

  /// At the end of a run: adds to the graph that with which threads wait, as far as it was left out.
  virtual void add_what_waits() {}

  /// Ends a run, at any point. False: it was the last.
  [[nodiscard]] virtual bool end_run() = 0;

  /// The graph of the run so far, or while the run still repeats a graph, that one.
  [[nodiscard]] virtual const Graph& graph() const = 0;
  /// How many events the thread has done in this run. They are its first in graph().
  [[nodiscard]] virtual std::size_t done(std::size_t thread) const = 0;
};

}  // namespace lockstep::check
