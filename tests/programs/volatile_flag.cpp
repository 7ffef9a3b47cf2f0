// volatile is not atomic: a flag of that kind announces nothing.
// expect: status 1, "data race on ready"
#include <thread>

volatile bool ready = false;
int payload = 0;

int main() {
  std::jthread thread([] {
    payload = 42;
    ready = true;
  });
  return ready && payload != 42;
}
