// std::shared_ptr as it is without ThreadSanitizer: who lets go of one looks at both of its counts, of 4 bytes each, in one
// atomic load of 8, which C++ knows nothing about. What is explored elsewhere is the other half of that #if.
// expect: status 2, "atomic accesses of different sizes to the same bytes"
#undef __SANITIZE_THREAD__
#include <memory>
#include <thread>

int main() {
  auto shared = std::make_shared<int>(3);
  std::thread thread([copy = shared]() mutable { copy.reset(); });
  shared.reset();
  thread.join();
}
