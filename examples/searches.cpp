// searches: eight searches at once, of which one fails; the others are not lost.
//
// Each takes 50 ms. Prints how long they take one after the other, then gathered:
//   8 searches done in 0.40 s: 7 found, 1 failed: 'the meaning of life' is too long
//   8 searches done in 0.05 s: 7 found, 1 failed: 'the meaning of life' is too long
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <lockstep/async.hpp>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using Found = lockstep::Outcome<std::string>;  // or what was thrown

constexpr std::array questions{"lock",    "semaphore", "event",  "the meaning of life",
                               "barrier", "condition", "future", "task"};

lockstep::Task<std::string> search(std::string question) {
  co_await lockstep::sleep_for(50ms);
  if (question.size() > 12) throw std::runtime_error("'" + question + "' is too long");
  co_return "a page on " + question;
}

lockstep::Task<std::vector<Found>> one_after_the_other() {
  std::vector<Found> all(questions.size());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    try {
      all[i].emplace(co_await search(questions[i]));
    } catch (const std::exception&) {
      all[i].fail(std::current_exception());
    }
  }
  co_return all;
}

lockstep::Task<std::vector<Found>> all_at_once() {
  std::vector<lockstep::Task<std::string>> searches;
  for (const char* const question : questions) searches.push_back(search(question));
  co_return co_await lockstep::gather(lockstep::return_exceptions, std::move(searches));
}

void measure(lockstep::Task<std::vector<Found>> searches) {
  const auto start = std::chrono::steady_clock::now();
  const std::vector<Found> all = lockstep::run(std::move(searches));
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  int found = 0;
  std::string failures;
  for (const Found& each : all) {
    try {
      static_cast<void>(each.value());
      ++found;
    } catch (const std::exception& error) {
      failures += std::string(": ") + error.what();
    }
  }
  std::printf("%zu searches done in %.2f s: %d found, %zu failed%s\n", all.size(), elapsed.count(),
              found, all.size() - found, failures.c_str());
}

int main() {
  measure(one_after_the_other());
  measure(all_at_once());
}
