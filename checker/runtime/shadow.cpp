#include "checker/runtime/shadow.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace lockstep::check {
namespace {

/// Memory that costs nothing until it is touched.
void* reserve(std::size_t size) {
  void* const memory = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return memory;
}

constexpr std::size_t chunks = std::size_t{1} << 28;

}  // namespace

Shadow::Shadow() : chunks_(static_cast<Cell**>(reserve(chunks * sizeof(Cell*)))) {
  static_assert(chunks == end_of_addresses >> chunk_bits);
}

void Shadow::look_up(Recent& recent, std::uintptr_t number) {
  Cell*& chunk = chunks_[number];
  if (chunk == nullptr) chunk = static_cast<Cell*>(reserve(chunk_size / 8 * sizeof(Cell)));
  recent = {number, chunk};
}

void Shadow::keep(State& state) const {
  state.cells.clear();
  for (Cell* const cell : touched_) {
    if (is_fresh(*cell)) state.cells.emplace_back(cell, *cell);
  }
  const auto end = overflow_.begin() + static_cast<std::ptrdiff_t>(overflowed_);
  state.overflow.assign(overflow_.begin(), end);
}

void Shadow::put_back(const State& state) {
  for (const auto& [cell, content] : state.cells) {
    *cell = content;
    cell->tag = tag_;
    touched_.push_back(cell);
  }
  overflowed_ = state.overflow.size();
  std::copy(state.overflow.begin(), state.overflow.end(), overflow_.begin());
}

Trace& Shadow::new_trace_behind(Cell& cell) {
  Cell* c = &cell;
  while (c->count == Cell::own_traces) {
    if (c->more == 0) {
      if (overflow_.size() == overflowed_) overflow_.emplace_back();
      clear(overflow_[overflowed_]);
      c->more = static_cast<std::uint32_t>(++overflowed_);
    }
    c = &overflow_[c->more - 1];
  }
  return c->traces[c->count++];
}

}  // namespace lockstep::check
