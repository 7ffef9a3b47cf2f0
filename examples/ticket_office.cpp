// ticket_office: a BoundedSemaphore lets in as many clients as there are windows; the others wait
// until one leaves.
//
// All come when the office opens. Prints for each client, when it has been served, the time since
// then, and at last a summary:
//   $ ticket_office --windows 3 --clients 5 --service-time 1s
//   client 1, service time: 1.000
//   client 0, service time: 1.000
//   client 2, service time: 1.000
//   client 3, service time: 2.000
//   client 4, service time: 2.000
//   5 clients, 3 windows: 2.000 s in all; client 4 waited longest, 1.000 s
// Arguments that make no sense: a message, and exit status 2.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <lockstep/bounded_semaphore.hpp>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Options {
  int windows = 3;
  int clients = 5;
  Seconds service_time{1};
};

constexpr std::string_view usage =
    "usage: ticket_office [--windows N] [--clients N] [--service-time T]\n"
    "  --windows N       how many clients are served at once, 1 to 1000 (default: 3)\n"
    "  --clients N       how many clients come, 1 to 1000 (default: 5)\n"
    "  --service-time T  how long each is served, 0s to 3600s, as 1.5s or 250ms (default: 1s)\n";

[[noreturn]] void refuse(std::string_view argument, std::string_view value,
                         std::string_view expected) {
  std::cerr << "ticket_office: " << argument << " '" << value << "': expected " << expected << '\n';
  std::exit(2);
}

/// Cuts a decimal number off the front of `text`; false if there is none.
template <class Number>
bool cut_number(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc();
}

int parse_number(std::string_view argument, std::string_view value) {
  int number = 0;
  std::string_view rest = value;
  const bool valid = cut_number(rest, number) && rest.empty() && number >= 1 && number <= 1000;
  if (!valid) refuse(argument, value, "a whole number from 1 to 1000");
  return number;
}

Seconds parse_time(std::string_view argument, std::string_view value) {
  double number = 0;
  std::string_view unit = value;
  const bool valid = cut_number(unit, number) && (unit == "s" || unit == "ms");
  const Seconds time(unit == "ms" ? number / 1000 : number);
  if (!valid || !(time >= Seconds(0) && time <= Seconds(3600))) {
    refuse(argument, value, "a time from 0s to 3600s, such as 1s, 250ms or 1.5s");
  }
  return time;
}

Options parse(std::span<char*> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    const std::string_view argument = arguments[i];
    const std::string_view value = i + 1 < arguments.size() ? arguments[i + 1] : "";
    if (argument == "--help") {
      std::cout << usage;
      std::exit(0);
    } else if (argument == "--windows") {
      options.windows = parse_number(argument, value);
    } else if (argument == "--clients") {
      options.clients = parse_number(argument, value);
    } else if (argument == "--service-time") {
      options.service_time = parse_time(argument, value);
    } else {
      refuse("unknown argument", argument, "--windows, --clients, --service-time or --help");
    }
  }
  return options;
}

int main(int argc, char** argv) {
  const Options options = parse({argv + 1, argv + argc});
  lockstep::BoundedSemaphore free_windows(options.windows);
  std::vector<Seconds> waits(options.clients);  // each written by its client

  const auto opening = Clock::now();
  const auto since_opening = [&] { return Seconds(Clock::now() - opening); };
  const auto client = [&](std::size_t number) {
    const std::scoped_lock window(free_windows);
    waits[number] = since_opening();
    std::this_thread::sleep_for(options.service_time);
    std::printf("client %zu, service time: %.3f\n", number, since_opening().count());
  };
  {
    std::vector<std::jthread> clients;
    for (std::size_t i = 0; i < waits.size(); ++i) clients.emplace_back(client, i);
  }  // all are served

  const auto longest = std::max_element(waits.begin(), waits.end());
  std::printf("%d clients, %d windows: %.3f s in all; client %td waited longest, %.3f s\n",
              options.clients, options.windows, since_opening().count(), longest - waits.begin(),
              longest->count());
}
