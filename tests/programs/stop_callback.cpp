// A stop callback runs once, in one of the two threads, and has run when its destructor returns after a request.
// expect: status 0
#include <cassert>
#include <stop_token>
#include <thread>

int main() {
  std::stop_source source;
  int calls = 0;
  std::jthread requester([&] { source.request_stop(); });
  {
    std::stop_callback callback(source.get_token(), [&] { ++calls; });
  }
  assert(calls <= 1);
  requester.join();
  std::stop_callback late(source.get_token(), [&] { ++calls; });
  assert(calls == 1 || calls == 2);
}
