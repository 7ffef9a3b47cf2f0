// A buffer of two slots, one producer and one consumer, with a semaphore for what is free and one for what is there.
// expect: status 0
#include <cassert>
#include <semaphore>
#include <thread>

int slots[2];
std::counting_semaphore<2> is_free{2}, is_there{0};

int main() {
  std::thread producer([] {
    for (int i = 0; i < 3; ++i) {
      is_free.acquire();
      slots[i % 2] = i;
      is_there.release();
    }
  });
  for (int i = 0; i < 3; ++i) {
    is_there.acquire();
    assert(slots[i % 2] == i);
    is_free.release();
  }
  producer.join();
}
