// A coroutine goes on in a thread that knows of it by a relaxed store: its frame need not be written yet.
// expect: status 1, "data race"
#include <atomic>
#include <cassert>
#include <coroutine>
#include <exception>
#include <thread>

struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

std::atomic<void*> suspended{nullptr};

struct Elsewhere {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> self) {
    suspended.store(self.address(), std::memory_order_relaxed);
  }
  void await_resume() {}
};

Task work(int value) {
  co_await Elsewhere{};
  assert(value == 5);
}

int main() {
  std::thread other([] {
    void* address = nullptr;
    while ((address = suspended.load(std::memory_order_acquire)) == nullptr) {
    }
    std::coroutine_handle<>::from_address(address).resume();
  });
  work(5);
  other.join();
}
