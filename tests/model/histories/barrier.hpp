// tests/model/histories/barrier.hpp: Barrier against one that is told who comes and who goes.
//
// A wait that passes is two steps, for it cannot be one moment: all of a round have to come before any of
// them goes. Indices are given in the order of coming (B2). One that is refused has found the barrier broken at
// some moment, or was thrown out when it broke.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <ostream>

#include "coroutine.hpp"
#include "lockstep/barrier.hpp"
#include "lockstep/error.hpp"
#include "lockstep/linearizability.hpp"
#include "scenario.hpp"

namespace scenarios {

template <std::size_t parties>
struct SequentialBarrier {
  using Index = std::optional<std::size_t>;  // nothing: refused
  std::size_t came = 0;
  std::array<std::size_t, parties> went{};  // with each index
  bool is_broken = false;

  bool come(Index index) { return index ? !is_broken && *index == came++ % parties : is_broken; }
  bool go(Index index) { return !index || ++went[*index] <= came / parties; }
  void abort() { is_broken = true; }
  bool broken(bool said) const { return said == is_broken; }
  bool operator==(const SequentialBarrier&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const SequentialBarrier& barrier) {
    out << barrier.came << " came, gone by index:";
    for (const std::size_t went : barrier.went) out << ' ' << went;
    return out << (barrier.is_broken ? ", broken" : "");
  }
};

/// One whose calls are recorded.
template <std::size_t parties>
struct RecordedBarrier {
  using Reference = SequentialBarrier<parties>;
  using Index = typename Reference::Index;
  lockstep::Barrier real{parties};
  lockstep::check::History<Reference> history;

  void wait() {
    const auto waited = [this]() -> Index {
      try {
        return real.wait();
      } catch (const lockstep::BrokenBarrierError&) {
        return std::nullopt;
      }
    };
    history.call("wait()", waited, &Reference::come, &Reference::go);
  }
  void abort() {
    history.call("abort()", [this] { real.abort(); }, &Reference::abort);
  }
  void broken() {
    history.call("broken()", [this] { return real.broken(); }, &Reference::broken);
  }
};

inline Coroutine come_and_go(RecordedBarrier<2>& barrier) {
  auto wait = barrier.history.invoke("async_wait()");
  const std::optional<std::size_t> index = co_await barrier.real.async_wait();
  wait.returned_with(index, &SequentialBarrier<2>::come, &SequentialBarrier<2>::go);
}

struct NobodyGoesBeforeAllOfTwoCameRoundAfterRound {
  static constexpr int threads = 2;
  RecordedBarrier<2> barrier;

  void thread(int) {
    barrier.wait();
    barrier.wait();
  }
};

struct NobodyGoesBeforeAllOfThreeCame {
  static constexpr int threads = 3;
  RecordedBarrier<3> barrier;

  void thread(int) { barrier.wait(); }
};

struct NobodyGoesThroughABarrierThatWasBrokenBeforeAllCame {
  static constexpr int threads = 3;
  RecordedBarrier<2> barrier;

  void thread(int index) {
    if (index == 2) {
      barrier.abort();
    } else {
      barrier.wait();
    }
    barrier.broken();
  }
};

struct NobodyGoesBeforeAThreadAndACoroutineCame {
  static constexpr int threads = 2;
  RecordedBarrier<2> barrier;

  void thread(int index) {
    if (index == 0) {
      barrier.wait();
    } else {
      come_and_go(barrier);
    }
  }
};

using BarrierHistories =
    List<NobodyGoesBeforeAllOfTwoCameRoundAfterRound, NobodyGoesBeforeAllOfThreeCame,
         NobodyGoesThroughABarrierThatWasBrokenBeforeAllCame,
         NobodyGoesBeforeAThreadAndACoroutineCame>;

}  // namespace scenarios
