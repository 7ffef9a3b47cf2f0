#include "checker/explore/random_walk.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "checker/explore/coherence.hpp"

namespace lockstep::check {

void RandomWalk::begin_run() {
  Walk::begin_run();
  turns_before_ = std::exchange(turns_, 0);
  manner_ = only_manner_ ? *only_manner_ : draw_manner();
  ranking_.clear();
  ranked_ = 0;
  last_fall_ = 0;
  draw_falls();
}

Manner RandomWalk::draw_manner() {
  Manner manner;
  manner.turns = static_cast<Manner::Turns>(below(3));
  manner.sights = static_cast<Manner::Sights>(below(3));
  manner.is_calm = below(2) == 0;
  // Who sees the oldest goes round in loops until there is an exception.
  const std::size_t rarest = manner.sights == Manner::Sights::oldest ? 3 : 5;
  manner.exceptions = static_cast<unsigned>(1 + below(rarest));
  return manner;
}

// Who goes on

std::size_t RandomWalk::choose_thread(ThreadSet able, std::size_t running) {
  if (std::has_single_bit(able)) return static_cast<std::size_t>(std::countr_zero(able));
  ++turns_;
  switch (manner_.turns) {
    case Manner::Turns::any:
      break;
    case Manner::Turns::keeping:
      if ((able >> running & 1) != 0 && !makes_exception()) return running;
      break;
    case Manner::Turns::ranked:
      return highest_of(able);
  }
  return any_of(able);
}

std::size_t RandomWalk::any_of(ThreadSet able) {
  for (std::size_t n = below(static_cast<std::size_t>(std::popcount(able))); n > 0; --n) {
    able &= able - 1;
  }
  return static_cast<std::size_t>(std::countr_zero(able));
}

/// Mostly three or fewer, but it may be any number; each before a turn that the walk may be expected to have, if it
/// is as long as the last.
void RandomWalk::draw_falls() {
  falls_.clear();
  constexpr std::size_t few = 4;
  std::size_t falls = below(few);
  for (std::size_t more = falls; more == few - 1; falls += more) more = below(few);
  for (; falls > 0; --falls) falls_.push_back(1 + below(turns_before_ + 1));
}

/// If nobody has fallen for longer than the last walk took, there is a loop that keeps others out: then too.
std::size_t RandomWalk::highest_of(ThreadSet able) {
  rank(able);
  const auto highest = [&] {
    return std::find_if(ranking_.begin(), ranking_.end(),
                        [&](std::size_t thread) { return (able >> thread & 1) != 0; });
  };
  constexpr std::size_t patience = 16;
  auto falls = std::count(falls_.begin(), falls_.end(), turns_);
  if (falls == 0 && turns_ > last_fall_ + turns_before_ + patience) falls = 1;
  if (falls > 0) last_fall_ = turns_;
  for (; falls > 0; --falls) std::rotate(highest(), std::next(highest()), ranking_.end());
  return *highest();
}

/// Those that are new get a rank among the others.
void RandomWalk::rank(ThreadSet able) {
  for (const std::size_t thread : Members(able & ~ranked_)) {
    const std::size_t higher = below(ranking_.size() + 1);
    ranking_.insert(ranking_.begin() + static_cast<std::ptrdiff_t>(higher), thread);
  }
  ranked_ |= able;
}

// What comes of it

Seen RandomWalk::load_before_sleep(std::size_t thread, Location word, Order order, Value if_it_sees,
                                   Location queue) {
  before_sleep_ = {word, if_it_sees, lowest_heeding_place(graph(), thread, word, queue)};
  const Seen seen = load(thread, word, order);
  before_sleep_.reset();
  return seen;
}

/// The last sight never does.
bool RandomWalk::makes_sleep_impossible(const Sight& sight) const {
  const Location word = before_sleep_->word;
  return sight.place < before_sleep_->lowest_place &&
         graph().value_of(word, graph().write_at(word, sight.place)) == before_sleep_->if_it_sees;
}

std::size_t RandomWalk::pick_sight(const std::vector<Sight>& sights) {
  if (!before_sleep_) return any_sight(sights.size());
  possible_.clear();
  for (std::size_t i = 0; i < sights.size(); ++i) {
    if (!makes_sleep_impossible(sights[i])) possible_.push_back(i);
  }
  return possible_[any_sight(possible_.size())];
}

/// Of n, from the oldest.
std::size_t RandomWalk::any_sight(std::size_t n) {
  if (manner_.sights == Manner::Sights::any || makes_exception()) return below(n);
  return manner_.sights == Manner::Sights::newest ? n - 1 : 0;
}

std::size_t RandomWalk::pick_place(const std::vector<std::size_t>& places) {
  const bool is_last = manner_.sights == Manner::Sights::newest && !makes_exception();
  return is_last ? places.size() - 1 : below(places.size());
}

std::size_t RandomWalk::pick_choice(std::size_t /*n*/, std::size_t open) {
  return manner_.is_calm && !makes_exception() ? 0 : below(open);
}

}  // namespace lockstep::check
