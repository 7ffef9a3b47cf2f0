// limited_requests: 150 requests at once would be too many for the other side; a Semaphore lets ten of
// them through at a time.
//
// A request takes up to 9 ms, so they end in another order than they began in; gather gives the names in the order
// of the requests all the same. Prints fifteen lines of ten names, and how many requests there were at once:
//   user 1, user 2, user 3, user 4, user 5, user 6, user 7, user 8, user 9, user 10
//   ...
//   at most 10 requests at once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iostream>
#include <lockstep/async.hpp>
#include <lockstep/semaphore.hpp>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

class Server {
 public:
  lockstep::Task<std::string> name_of(int user) {
    const auto permit = co_await permits_.async_scoped();
    most_ = std::max(most_, ++requests_);
    co_await lockstep::sleep_for(user * 7 % 10 * 1ms);
    --requests_;
    co_return "user " + std::to_string(user);
  }

  [[nodiscard]] int most_at_once() const { return most_; }

 private:
  lockstep::Semaphore permits_{10};
  int requests_ = 0;
  int most_ = 0;
};

lockstep::Task<std::vector<std::string>> all_names(Server& server) {
  std::vector<lockstep::Task<std::string>> requests;
  for (int user = 1; user <= 150; ++user) requests.push_back(server.name_of(user));
  co_return co_await lockstep::gather(std::move(requests));
}

int main() {
  Server server;
  const std::vector<std::string> names = lockstep::run(all_names(server));
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::cout << names[i] << (i % 10 == 9 ? "\n" : ", ");
  }
  std::cout << "at most " << server.most_at_once() << " requests at once\n";
}
