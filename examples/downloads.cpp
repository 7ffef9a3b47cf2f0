// downloads: files fetched in turn, by threads, and by coroutines of Asio, of which a Semaphore lets
// only so many fetch at once. What mostly waits takes as long as its longest chain of waits.
//
// The server is in this program too; it answers each request after a fixed delay.
//   $ downloads 10 100 10     files, delay in milliseconds, how many coroutines fetch at once
//   10 files, each served after 0.100 s
//   in turn:    1.005 s, 1 at once
//   threads:    0.104 s, 10 at once
//   coroutines: 0.102 s, 10 at once
// Arguments that make no sense: a message, and exit status 2.
#include <algorithm>
#include <asio.hpp>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <lockstep/asio.hpp>
#include <lockstep/semaphore.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using asio::awaitable;
using asio::ip::tcp;
using Milliseconds = std::chrono::milliseconds;

const std::string request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
const std::string response =
    "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n";

void rethrow(std::exception_ptr error) {
  if (error) std::rethrow_exception(error);
}

/// Serves on a port of its own, on a thread of its own, until it is destroyed.
class Server {
 public:
  explicit Server(Milliseconds delay) : delay_(delay) {
    asio::co_spawn(io_, accept(), rethrow);
    thread_ = std::jthread([this] { io_.run(); });
  }
  ~Server() { io_.stop(); }

  [[nodiscard]] tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

  /// The most requests that it worked on at once, since this was asked last. Only while none comes.
  [[nodiscard]] int most_at_once() { return most_at_once_.exchange(0); }

 private:
  awaitable<void> accept() {
    for (;;)
      asio::co_spawn(io_, serve(co_await acceptor_.async_accept(asio::use_awaitable)), rethrow);
  }

  awaitable<void> serve(tcp::socket client) {
    std::string asked;
    co_await asio::async_read_until(client, asio::dynamic_buffer(asked), "\r\n\r\n",
                                    asio::use_awaitable);
    most_at_once_ = std::max(most_at_once_.load(), ++at_once_);
    asio::steady_timer timer(io_, delay_);
    co_await timer.async_wait(asio::use_awaitable);
    --at_once_;
    co_await asio::async_write(client, asio::buffer(response), asio::use_awaitable);
  }

  Milliseconds delay_;
  asio::io_context io_;
  tcp::acceptor acceptor_{io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  int at_once_ = 0;
  std::atomic<int> most_at_once_{0};
  std::jthread thread_;
};

void check(const std::string& received) {
  if (received != response) throw std::runtime_error("not what the server sends: " + received);
}

void fetch(const tcp::endpoint& server) {
  asio::io_context io;
  tcp::socket socket(io);
  socket.connect(server);
  asio::write(socket, asio::buffer(request));
  std::string received(response.size(), ' ');
  asio::read(socket, asio::buffer(received));
  check(received);
}

awaitable<void> fetch(tcp::endpoint server, lockstep::Semaphore& permits) {
  const auto permit = co_await lockstep::use_asio(permits.async_scoped());
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect(server, asio::use_awaitable);
  co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
  std::string received(response.size(), ' ');
  co_await asio::async_read(socket, asio::buffer(received), asio::use_awaitable);
  check(received);
}

void in_turn(const tcp::endpoint& server, int files) {
  for (int i = 0; i < files; ++i) fetch(server);
}

void by_threads(const tcp::endpoint& server, int files) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < files; ++i) threads.emplace_back([&] { fetch(server); });
}

void by_coroutines(const tcp::endpoint& server, int files, int at_once) {
  asio::io_context io;
  lockstep::Semaphore permits(at_once);
  for (int i = 0; i < files; ++i) asio::co_spawn(io, fetch(server, permits), rethrow);
  io.run();
}

void measure(const char* how, Server& server, const std::function<void()>& download) {
  const auto start = std::chrono::steady_clock::now();
  download();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  std::printf("%-11s %.3f s, %d at once\n", how, time.count(), server.most_at_once());
}

int number(int argc, char** argv, int index, int otherwise) {
  if (index >= argc) return otherwise;
  const std::string_view text = argv[index];
  int value = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
  if (error == std::errc() && end == text.end() && value >= 1 && value <= 1000) return value;
  std::fprintf(stderr, "downloads: '%s': expected a whole number from 1 to 1000\n", argv[index]);
  std::exit(2);
}

int main(int argc, char** argv) {
  const int files = number(argc, argv, 1, 10);
  const Milliseconds delay(number(argc, argv, 2, 100));
  const int at_once = number(argc, argv, 3, files);
  Server server(delay);
  const tcp::endpoint from = server.endpoint();
  std::printf("%d files, each served after %.3f s\n", files,
              std::chrono::duration<double>(delay).count());
  measure("in turn:", server, [&] { in_turn(from, files); });
  measure("threads:", server, [&] { by_threads(from, files); });
  measure("coroutines:", server, [&] { by_coroutines(from, files, at_once); });
}
