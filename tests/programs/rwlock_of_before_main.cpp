// A shared mutex that was used before main(), by the real functions, which leave their traces in it.
// 1 = there is one thread.
// expect: status 0, executions 1
#include <shared_mutex>

std::shared_mutex mutex;
const int early = (mutex.lock(), mutex.unlock(), 0);

int main() {
  mutex.lock();
  mutex.unlock();
  return early;
}
