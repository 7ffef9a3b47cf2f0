// Monitors over the C++ library's primitives: a bounded buffer and a ticket office; and what is got wrong in them.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <semaphore>
#include <thread>
#include <vector>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

using Lock = std::unique_lock<std::mutex>;

// The bounded buffer

/// Each mistake is a change of one of these.
struct Correct {
  template <class Ready>
  static void await(std::condition_variable& condition, Lock& lock, Ready ready) {
    while (!ready()) condition.wait(lock);
  }
  static void notify(std::condition_variable& condition) { condition.notify_one(); }
};

template <class Policy>
class BoundedBuffer {
 public:
  void put(int item) {
    Lock lock(mutex_);
    Policy::await(not_full_, lock, [&] { return items_.size() < capacity; });
    require(items_.size() < capacity);
    items_.push_back(item);
    Policy::notify(not_empty_);
  }
  int get() {
    Lock lock(mutex_);
    Policy::await(not_empty_, lock, [&] { return !items_.empty(); });
    require(!items_.empty());
    const int item = items_.front();
    items_.pop_front();
    Policy::notify(not_full_);
    return item;
  }

 private:
  static constexpr std::size_t capacity = 1;
  std::mutex mutex_;
  std::condition_variable not_full_, not_empty_;
  std::deque<int> items_;
};

/// One puts 1 and 2, and as many take as are told; all that was put was taken, each once.
template <class Buffer>
Program produced_and_consumed(int consumers) {
  return [consumers] {
    Buffer buffer;
    int sum = 0;
    std::mutex mutex;
    const auto consume = [&](int times) {
      for (int i = 0; i < times; ++i) {
        const int item = buffer.get();
        const std::scoped_lock lock(mutex);
        sum += item;
      }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < consumers; ++i) threads.emplace_back(consume, 2 / consumers);
    buffer.put(1);
    buffer.put(2);
    for (std::thread& thread : threads) thread.join();
    require(sum == 3);
  };
}

TEST(BoundedBuffer, LosesAndDoublesNothing) {
  EXPECT_TRUE(passes(produced_and_consumed<BoundedBuffer<Correct>>(1)));
  EXPECT_TRUE(passes(produced_and_consumed<BoundedBuffer<Correct>>(2), only_woken));
}

struct IfForWhile : Correct {
  template <class Ready>
  static void await(std::condition_variable& condition, Lock& lock, Ready ready) {
    if (!ready()) condition.wait(lock);
  }
};

// Even if nobody wakes for no reason: another consumer may come between the wake and the mutex.
TEST(BoundedBufferMistakes, IfForWhile) {
  EXPECT_TRUE(fails(Wrong::requirement, produced_and_consumed<BoundedBuffer<IfForWhile>>(1),
                    {"wakes for no reason"}));
  EXPECT_TRUE(passes(produced_and_consumed<BoundedBuffer<IfForWhile>>(1), only_woken));
  EXPECT_TRUE(fails(Wrong::requirement, produced_and_consumed<BoundedBuffer<IfForWhile>>(2),
                    {"a requirement does not hold"}, only_woken));
}

struct NeverNotifies : Correct {
  static void notify(std::condition_variable&) {}
};

TEST(BoundedBufferMistakes, NoNotification) {
  EXPECT_TRUE(fails(Wrong::deadlock, produced_and_consumed<BoundedBuffer<NeverNotifies>>(1),
                    {"waits on the condition variable"}, only_woken));
}

/// One condition variable for both, and one notification: it may go to the wrong one.
template <bool all>
class OneCondition {
 public:
  void put(int item) {
    Lock lock(mutex_);
    while (item_) changed_.wait(lock);
    item_ = item;
    notify();
  }
  int get() {
    Lock lock(mutex_);
    while (!item_) changed_.wait(lock);
    const int item = *item_;
    item_.reset();
    notify();
    return item;
  }

 private:
  void notify() {
    if (all) {
      changed_.notify_all();
    } else {
      changed_.notify_one();
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<int> item_;
};

TEST(BoundedBufferMistakes, NotifyOneForNotifyAll) {
  EXPECT_TRUE(passes(produced_and_consumed<OneCondition<true>>(2), only_woken));
  EXPECT_TRUE(fails(Wrong::deadlock, produced_and_consumed<OneCondition<false>>(2),
                    {"waits on the condition variable"}, only_woken));
}

/// Notifies before there is anything, with the mutex let go in between.
class NotifiesFirst {
 public:
  void put(int item) {
    not_empty_.notify_one();
    const Lock lock(mutex_);
    items_.push_back(item);
  }
  int get() {
    Lock lock(mutex_);
    while (items_.empty()) not_empty_.wait(lock);
    const int item = items_.front();
    items_.pop_front();
    return item;
  }

 private:
  std::mutex mutex_;
  std::condition_variable not_empty_;
  std::deque<int> items_;
};

TEST(BoundedBufferMistakes, ANotificationBeforeTheChange) {
  EXPECT_TRUE(fails(Wrong::deadlock, produced_and_consumed<NotifiesFirst>(1),
                    {"lost wake-up", "waits on the condition variable", "went by before"},
                    only_woken));
}

/// The state is atomic, so nothing races; but it changes between a waiter's look and its sleep.
TEST(BoundedBufferMistakes, AChangeWithoutTheMutex) {
  const Program program = [] {
    std::mutex mutex;
    std::condition_variable condition;
    std::atomic<bool> is_ready{false};
    std::thread thread([&] {
      is_ready = true;
      condition.notify_one();
    });
    {
      Lock lock(mutex);
      while (!is_ready) condition.wait(lock);
    }
    thread.join();
  };
  Options sc = only_woken;
  sc.model = MemoryModel::sc;
  EXPECT_TRUE(
      fails(Wrong::deadlock, program, {"lost wake-up", "waits on the condition variable"}, sc));
  // C++ also lets the waiter, which is woken, not see the change: neither notifying nor waking orders anything.
  EXPECT_TRUE(fails(Wrong::deadlock, program, {"waits on the condition variable"}, only_woken));
}

TEST(BoundedBufferMistakes, APlainStateWithoutTheMutexIsARace) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      std::mutex mutex;
                      std::condition_variable condition;
                      bool is_ready = false;
                      std::thread thread([&] {
                        is_ready = true;
                        condition.notify_one();
                      });
                      {
                        Lock lock(mutex);
                        while (!is_ready) condition.wait(lock);
                      }
                      thread.join();
                    },
                    {"data race"}));
}

// The ticket office: so many windows, and so many tickets

template <class Windows>
Program office(int windows, int clients) {
  return [windows, clients] {
    Windows free(windows);
    std::atomic<int> at_windows{0};
    const auto buy = [&] {
      free.acquire();
      require(at_windows.fetch_add(1) < windows);
      at_windows.fetch_sub(1);
      free.release();
    };
    std::vector<std::thread> threads;
    for (int i = 1; i < clients; ++i) threads.emplace_back(buy);
    buy();
    for (std::thread& thread : threads) thread.join();
  };
}

TEST(TicketOffice, NoMoreClientsThanWindowsOfASemaphore) {
  EXPECT_TRUE(passes(office<std::counting_semaphore<>>(1, 2)));
  EXPECT_TRUE(passes(office<std::counting_semaphore<>>(2, 3)));
}

class Windows {
 public:
  explicit Windows(int free) : free_(free) {}
  void acquire() {
    Lock lock(mutex_);
    while (free_ == 0) is_free_.wait(lock);
    --free_;
  }
  void release() {
    const Lock lock(mutex_);
    ++free_;
    is_free_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable is_free_;
  int free_;
};

TEST(TicketOffice, NoMoreClientsThanWindowsOfAMonitor) {
  EXPECT_TRUE(passes(office<Windows>(1, 2)));
}

TEST(TicketOffice, NoTicketIsSoldTwice) {
  const auto sale = [](bool is_locked) -> Program {
    return [is_locked] {
      std::mutex mutex;
      int left = 1, sold = 0;
      const auto sell = [&] {
        Lock lock(mutex);
        if (left == 0) return;
        if (!is_locked) {  // asks the client whether to go on
          lock.unlock();
          lock.lock();
        }
        --left;
        ++sold;
      };
      std::thread thread(sell);
      sell();
      thread.join();
      require(sold == 1 && left == 0);
    };
  };
  EXPECT_TRUE(passes(sale(true)));
  EXPECT_TRUE(fails(Wrong::requirement, sale(false), {"a requirement does not hold"}));
}

}  // namespace
}  // namespace lockstep::check
