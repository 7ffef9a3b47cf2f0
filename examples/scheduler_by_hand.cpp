// scheduler_by_hand: generators that ask the scheduler for things, and go on when it has answered.
//
// A repeater asks for a number and a letter in each of its rounds, and repeats the letter so often.
// Prints in order of completion, for 2, 6 and 10 rounds, such as
//   2 rounds: kkkkbb
//   6 rounds: ...
//   10 rounds: ...
#include <cstddef>
#include <deque>
#include <iostream>
#include <lockstep/async/generator.hpp>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

enum class Request { number, letter };
using Answer = int;
using Activity = lockstep::Generator<Request, Answer, std::string>;

Activity repeater(int rounds) {
  std::string text = std::to_string(rounds) + " rounds: ";
  for (int round = 0; round < rounds; ++round) {
    const int times = (co_yield Request::number).value();
    const int letter = (co_yield Request::letter).value();
    text.append(static_cast<std::size_t>(times), static_cast<char>(letter));
  }
  co_return text;
}

Answer answer(Request request) {
  static std::minstd_rand random(2024);  // a seed, so that each run is the same
  const int chance = static_cast<int>(random() >> 8);
  return request == Request::number ? 1 + chance % 7 : 'a' + chance % 26;
}

/// Executes each up to its next request, in turn, until all have ended.
void run(std::vector<Activity> activities) {
  struct Ready {
    Activity activity;
    std::optional<Answer> answer;  // none: it has not started
  };
  std::deque<Ready> queue;
  for (Activity& activity : activities) queue.push_back({std::move(activity), std::nullopt});
  while (!queue.empty()) {
    auto [activity, received] = std::move(queue.front());
    queue.pop_front();
    const std::optional<Request> request = received ? activity.send(*received) : activity.next();
    if (request) {
      queue.push_back({std::move(activity), answer(*request)});
    } else {
      std::cout << activity.result() << '\n';
    }
  }
}

int main() {
  std::vector<Activity> activities;
  for (const int rounds : {10, 2, 6}) activities.push_back(repeater(rounds));
  run(std::move(activities));
}
