// A semaphore announces what is written after its release.
// expect: status 1, "data race on", "answer = 42"
#include <semaphore>
#include <thread>

int main() {
  std::binary_semaphore done{0};
  int answer = 0;
  std::jthread worker([&] {
    done.release();
    answer = 42;
  });
  done.acquire();
  return answer == 42 ? 0 : 1;
}
