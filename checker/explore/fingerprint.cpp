#include "checker/explore/fingerprint.hpp"

#include <cstddef>

namespace lockstep::check {
namespace {

/// The finalizer of SplitMix64 (Steele, Lea, Flood, 2014), twice, over what came so far.
class Mixer {
 public:
  void add(std::uint64_t word) noexcept {
    print_.high = mixed(print_.high ^ (word + 0x9e3779b97f4a7c15));
    print_.low = mixed(print_.low + word + 0xd1b54a32d192ed03);
  }
  void add(EventId id) noexcept { add(std::uint64_t{id.thread} << 16 | id.index); }
  [[nodiscard]] Fingerprint print() const noexcept { return print_; }

 private:
  static std::uint64_t mixed(std::uint64_t z) noexcept {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  Fingerprint print_;
};

/// The rest of an event follows from the program and these.
void add(Mixer& mixer, const Event& event) {
  mixer.add(static_cast<std::uint64_t>(event.kind) | std::uint64_t{event.is_rmw} << 8 |
            std::uint64_t{event.spurious} << 9 | std::uint64_t{event.parked} << 10);
  if (event.kind == Kind::read || event.kind == Kind::wake) mixer.add(event.rf);
  if (event.kind == Kind::write) mixer.add(event.place);
  if (event.kind == Kind::choice) mixer.add(static_cast<std::uint64_t>(event.value));
}

}  // namespace

Fingerprint fingerprint_of(const Graph& graph) {
  Mixer mixer;
  for (std::size_t t = 0; t < graph.threads(); ++t) {
    if (graph.thread(t).empty()) continue;
    mixer.add(std::uint64_t{t} << 32 | graph.thread(t).size());
    for (const Event& event : graph.thread(t)) add(mixer, event);
  }
  return mixer.print();
}

}  // namespace lockstep::check
