// thread_pool_map: call a function for each element of a list, on a few threads; the results come
// in the order of the list.
//
// Two downloads (here: two pauses) at once take as long as the longer one. Prints, the first
// two lines in the order in which they are complete,
//   harbour.jpg was downloaded...
//   mountain.jpg was downloaded...
//   Finished in 0.14 seconds: mountain.jpg harbour.jpg
#include <chrono>
#include <cstddef>
#include <iostream>
#include <lockstep/lock.hpp>
#include <mutex>
#include <string>
#include <syncstream>
#include <thread>
#include <type_traits>
#include <vector>

using namespace std::chrono_literals;

template <class Item, class Function>
auto map(std::size_t threads, const std::vector<Item>& items, Function function) {
  std::vector<std::invoke_result_t<Function&, const Item&>> results(items.size());
  lockstep::Lock lock;
  std::size_t next = 0;  // guarded by lock: the first item that no thread has taken yet
  const auto take_one = [&] {
    const std::scoped_lock guard(lock);
    return next < items.size() ? next++ : next;
  };
  const auto work = [&] {
    for (auto i = take_one(); i < items.size(); i = take_one()) results[i] = function(items[i]);
  };
  {
    std::vector<std::jthread> pool;
    for (std::size_t i = 0; i < threads; ++i) pool.emplace_back(work);
  }  // all have ended
  return results;
}

struct Image {
  std::string name;
  std::chrono::milliseconds delay;
};

std::string download(const Image& image) {
  std::this_thread::sleep_for(image.delay);
  std::osyncstream(std::cout) << image.name << ".jpg was downloaded...\n";
  return image.name + ".jpg";
}

int main() {
  const auto start = std::chrono::steady_clock::now();
  const std::vector<Image> images{{"mountain", 140ms}, {"harbour", 70ms}};
  const std::vector<std::string> files = map(2, images, download);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;

  std::cout.precision(2);
  std::cout << std::fixed << "Finished in " << elapsed.count() << " seconds:";
  for (const std::string& file : files) std::cout << ' ' << file;
  std::cout << '\n';
}
