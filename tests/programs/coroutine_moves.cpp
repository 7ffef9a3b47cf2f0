// A coroutine suspends itself in one thread and goes on in another, which knows of it by a release.
// 1 = whoever waits sees the one store.
// expect: status 0, executions 1
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
    suspended.store(self.address(), std::memory_order_release);
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
