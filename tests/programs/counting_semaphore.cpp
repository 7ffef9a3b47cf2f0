// A slot, one producer and one consumer, with a semaphore that says it is free and one that it is full.
// expect: status 0
#include <cassert>
#include <semaphore>
#include <thread>

int slot = 0;
std::counting_semaphore<1> is_free{1}, is_there{0};

int main() {
  std::thread producer([] {
    for (int i = 0; i < 2; ++i) {
      is_free.acquire();
      slot = i;
      is_there.release();
    }
  });
  for (int i = 0; i < 2; ++i) {
    is_there.acquire();
    assert(slot == i);
    is_free.release();
  }
  producer.join();
}
