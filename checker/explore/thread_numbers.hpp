// checker/explore/thread_numbers.hpp: which number a created thread has. Thread 0 is the first; the
// n-th that a thread creates is the same thread in every run, so it has the same number.
//
// Numbers are given as threads are met, and who goes on next depends on them. So worker processes, which search
// parts of one tree, have to agree: they share a table, which is only added to.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include "checker/graph/event.hpp"

namespace lockstep::check {

class ThreadNumbers {
 public:
  ThreadNumbers() = default;
  ~ThreadNumbers() {
    if (table_ != &own_) munmap(table_, sizeof(Table));
  }
  ThreadNumbers(const ThreadNumbers&) = delete;
  ThreadNumbers& operator=(const ThreadNumbers&) = delete;

  /// From here on with the processes that this one forks. Before any number is given.
  void share() {
    void* const memory =
        mmap(nullptr, sizeof(Table), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    table_ = new (memory) Table;
  }

  /// Of whom each number is, for another process; and what one of it had.
  [[nodiscard]] std::vector<std::uint32_t> owners() const {
    std::vector<std::uint32_t> owners;
    for (const auto& key : table_->keys) owners.push_back(key.load(std::memory_order_relaxed));
    return owners;
  }
  void restore(const std::vector<std::uint32_t>& owners) noexcept {
    for (std::size_t n = 0; n < std::min(owners.size(), max_threads); ++n) {
      table_->keys[n].store(owners[n], std::memory_order_relaxed);
    }
  }

  /// The number of the thread that `creator` creates as its n-th, from 0. max_threads: there are too many.
  [[nodiscard]] std::size_t of(std::size_t creator, std::size_t n) noexcept {
    if (n >= max_threads) return max_threads;
    const auto key = static_cast<std::uint32_t>((creator + 1) * max_threads + n);
    for (std::size_t number = 1; number < max_threads; ++number) {
      std::uint32_t found = table_->keys[number].load(std::memory_order_relaxed);
      if (found == nobody &&
          table_->keys[number].compare_exchange_strong(found, key, std::memory_order_relaxed)) {
        return number;
      }
      if (found == key) return number;
    }
    return max_threads;
  }

 private:
  static constexpr std::uint32_t nobody = 0;
  struct Table {
    std::atomic<std::uint32_t> keys[max_threads] = {};
  };

  Table own_;
  Table* table_ = &own_;
};

}  // namespace lockstep::check
