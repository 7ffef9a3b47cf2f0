// requests_by_await: the activities of scheduler_by_hand.cpp, which ask for things, as tasks.
//
// What a generator had to hand out by `co_yield`, through all generators that delegate to it, a coroutine asks for
// where it needs it: here in a function that it calls. The answer is a Future, which somebody else sets. Prints what
// scheduler_by_hand prints, since the requests come in the same order.
#include <cstddef>
#include <deque>
#include <iostream>
#include <lockstep/async.hpp>
#include <random>
#include <string>

enum class Request { number, letter };
using Answer = lockstep::Future<int>;

struct Asked {
  Request request;
  Answer answer;
};
std::deque<Asked> questions;

Answer ask(Request request) {
  questions.push_back({request, {}});
  return questions.back().answer;
}

lockstep::Task<std::string> letters() {
  const int times = co_await ask(Request::number);
  const int letter = co_await ask(Request::letter);
  co_return std::string(static_cast<std::size_t>(times), static_cast<char>(letter));
}

lockstep::Task<> repeater(int rounds) {
  std::string text = std::to_string(rounds) + " rounds: ";
  for (int round = 0; round < rounds; ++round) text += co_await letters();
  std::cout << text << '\n';
}

int answer(Request request) {
  static std::minstd_rand random(2024);  // a seed, so that each run is the same
  const int chance = static_cast<int>(random() >> 8);
  return request == Request::number ? 1 + chance % 7 : 'a' + chance % 26;
}

lockstep::Task<> answer_all() {
  const auto all = lockstep::gather(repeater(10), repeater(2), repeater(6));
  while (!all.done()) {
    for (; !questions.empty(); questions.pop_front()) {
      questions.front().answer.set_result(answer(questions.front().request));
    }
    co_await lockstep::sleep_for(std::chrono::seconds(0));  // lets the others go on
  }
}

int main() { lockstep::run(answer_all()); }
