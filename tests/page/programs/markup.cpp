// Names, texts and comments that a browser would take for markup: </script><script>document.title = "owned"</script>
// <!-- <img src="http://127.0.0.1:9/fetched" onerror="document.title = 'owned'">
#include <atomic>
#include <cassert>
#include <cstdio>
#include <thread>

struct script {};
template <class T>
std::atomic<int> of{0};

int main() {
  std::puts("</pre><script>document.title = 'owned'</script><b>&amp;</b>");
  std::thread other([] { of<script>.store(1, std::memory_order_relaxed); });
  of<script>.load(std::memory_order_relaxed);
  assert(of<script>.load() == 2 && "</script><script>document.title = 'owned'</script>");
  other.join();
}
