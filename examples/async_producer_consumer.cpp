// async_producer_consumer: two producers and a consumer as coroutines; a bounded queue of two semaphores
// makes the faster ones wait for the slower one.
//
// One semaphore counts free places, the other what is in the queue. There is nothing to lock: all are on one
// thread, and between two `co_await` nothing else runs. The consumer is an asynchronous generator, which ends when
// both producers have. Prints, first come, first served,
//   a1 a2 a3 a4 b1 b2 b3 b4
//   never more than 3 in the queue
#include <algorithm>
#include <cstddef>
#include <deque>
#include <iostream>
#include <lockstep/async.hpp>
#include <lockstep/semaphore.hpp>
#include <string>
#include <utility>

class Queue {
 public:
  lockstep::Task<> put(std::string item) {
    co_await free_.async_acquire();
    items_.push_back(std::move(item));
    longest_ = std::max(longest_, items_.size());
    filled_.release();
  }

  lockstep::Task<std::string> get() {
    co_await filled_.async_acquire();
    std::string item = std::move(items_.front());
    items_.pop_front();
    free_.release();
    co_return item;
  }

  [[nodiscard]] std::size_t longest() const { return longest_; }

 private:
  static constexpr int places_ = 3;
  lockstep::Semaphore free_{places_};
  lockstep::Semaphore filled_{0};
  std::deque<std::string> items_;
  std::size_t longest_ = 0;
};

lockstep::Task<> produce(Queue& queue, std::string name) {
  for (int i = 1; i <= 4; ++i) co_await queue.put(name + std::to_string(i));
  co_await queue.put("end");
}

lockstep::AsyncGenerator<std::string> consume(Queue& queue, int producers) {
  while (producers > 0) {
    std::string item = co_await queue.get();
    if (item == "end") {
      --producers;
    } else {
      co_yield std::move(item);
    }
  }
}

lockstep::Task<> produce_and_consume() {
  Queue queue;
  const auto producers = lockstep::gather(produce(queue, "a"), produce(queue, "b"));
  co_await lockstep::for_each(consume(queue, 2),
                              [](std::string item) { std::cout << item << ' '; });
  std::cout << "\nnever more than " << queue.longest() << " in the queue\n";
}

int main() { lockstep::run(produce_and_consume()); }
