// A promise is destroyed before it has a value: whoever waits gets an exception, which here nobody catches.
// expect: status 1, "std::future_error"
#include <future>
#include <thread>

int main() {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  std::jthread thread([promise = std::move(promise)] {});
  return future.get();
}
