// oneTBB as far as it is in headers: its spinning locks, and the containers that need no scheduler. (Its mutex, rw_mutex
// and queuing_rw_mutex wait in the compiled library, where nothing is seen.)
#include <oneapi/tbb/concurrent_queue.h>
#include <oneapi/tbb/concurrent_unordered_map.h>
#include <oneapi/tbb/concurrent_vector.h>
#include <oneapi/tbb/queuing_mutex.h>
#include <oneapi/tbb/spin_mutex.h>
#include <oneapi/tbb/spin_rw_mutex.h>

#include <cstdlib>

#include "queues.hpp"

// The library's own, which look for TBB's allocator with dlopen, are replaced.
namespace tbb::detail::r1 {
void* cache_aligned_allocate(std::size_t size) {
  constexpr std::size_t line = 64;
  return std::aligned_alloc(line, (size + line - 1) / line * line);
}
void cache_aligned_deallocate(void* memory) { std::free(memory); }
void* allocate_memory(std::size_t size) { return std::malloc(size); }
void deallocate_memory(void* memory) { std::free(memory); }
}  // namespace tbb::detail::r1

namespace shipped {
namespace {

template <class Mutex>
void excludes() {
  Mutex mutex;
  int count = 0;
  const auto body = [&] {
    const typename Mutex::scoped_lock lock(mutex);
    ++count;
  };
  in_threads(body, body);
  require(count == 2);
}

template <class Mutex>
void tries() {
  Mutex mutex;
  int inside = 0;
  const auto body = [&] {
    typename Mutex::scoped_lock lock;
    if (lock.try_acquire(mutex)) ++inside;
  };
  in_threads(body, body);
  require(inside >= 1);
}

TEST(TbbSpinMutex, Excludes) {
  EXPECT_TRUE(passes(excludes<tbb::spin_mutex>));
  EXPECT_TRUE(passes(tries<tbb::spin_mutex>));
}
TEST(TbbQueuingMutex, Excludes) {
  EXPECT_TRUE(passes(excludes<tbb::queuing_mutex>));
  EXPECT_TRUE(passes(tries<tbb::queuing_mutex>));
}

void readers_and_a_writer() {
  tbb::spin_rw_mutex mutex;
  int value = 0;
  const auto read = [&] {
    const tbb::spin_rw_mutex::scoped_lock lock(mutex, false);
    return value;
  };
  in_threads(
      [&] {
        const tbb::spin_rw_mutex::scoped_lock lock(mutex, true);
        value = 1;
      },
      [&] { (void)read(); });
  require(read() == 1);
}
void two_upgrade() {
  tbb::spin_rw_mutex mutex;
  int value = 0;
  const auto body = [&] {
    tbb::spin_rw_mutex::scoped_lock lock(mutex, false);
    const int seen = value;
    // If it had to let go of the lock in between, what it has read may be old.
    if (lock.upgrade_to_writer()) require(value == seen);
    ++value;
  };
  in_threads(body, body);
  require(value == 2);
}
TEST(TbbSpinRwMutex, LetsReadersOrAWriterIn) {
  EXPECT_TRUE(passes(readers_and_a_writer));
  EXPECT_TRUE(passes(two_upgrade));
}

struct TbbQueue {
  bool put(Item item) {
    queue_.push(item);
    return true;
  }
  bool take(Item& item) { return queue_.try_pop(item); }
  tbb::concurrent_queue<Item> queue_;
};
TEST(TbbConcurrentQueue, LosesNothing) {
  EXPECT_TRUE(passes(two_put<TbbQueue>));
  EXPECT_TRUE((passes(one_looks_for_one<TbbQueue, 2>)));
  EXPECT_TRUE(passes(two_take<TbbQueue>));
  EXPECT_TRUE(passes(each_puts_and_takes<TbbQueue>));
}

void two_grow() {
  tbb::concurrent_vector<int> vector;
  in_threads([&] { *vector.push_back(1) += 0; }, [&] { *vector.push_back(2) += 0; });
  require(vector.size() == 2 && vector[0] + vector[1] == 3);
}
TEST(TbbConcurrentVector, GrowsByBoth) { EXPECT_TRUE(passes(two_grow)); }

void insert_twice() {
  tbb::concurrent_unordered_map<int, int> map;
  std::array<bool, 2> is_new{};
  const auto insert = [&](int me) {
    const auto [place, inserted] = map.insert({7, me});
    is_new[me] = inserted;
    require(inserted ? place->second == me : place->second == 1 - me);
  };
  in_threads([&] { insert(0); }, [&] { insert(1); });
  require(is_new[0] != is_new[1] && map.size() == 1);
}
TEST(TbbConcurrentUnorderedMap, HasEachKeyOnce) {
  EXPECT_TRUE(finds_nothing(insert_twice, at_random(5'000)));
}

}  // namespace
}  // namespace shipped
