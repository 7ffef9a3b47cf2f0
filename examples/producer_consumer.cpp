// producer_consumer: one thread reads lines, others count their words. Between them is a bounded
// queue, made of two Conditions, so that the reader cannot run far ahead.
//
// Prints how often each word occurs in the files named, one after the other as by cat, or in the
// standard input; to the byte what this prints, whatever the input:
//   export LC_ALL=C
//   cat [FILE...] | tr -cs '[:alnum:]' '\n' | tr '[:upper:]' '[:lower:]' | sort | uniq -c
// So a word is a run of ASCII letters and digits; a capital letter is the same as a small one; and
// if the input begins with anything else, there is one empty word. A file that cannot be read is
// named on the standard error, the others are counted, and the exit status is 1.
// Arguments that make no sense: a message, and exit status 2.
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <lockstep/condition.hpp>
#include <lockstep/lock.hpp>
#include <lockstep/rlock.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

/// First in, first out, and never more than `capacity` inside.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  void put(T item) {
    const std::scoped_lock guard(lock_);
    not_full_.wait([&] { return items_.size() < capacity_; });
    items_.push_back(std::move(item));
    not_empty_.notify_one();
  }

  /// Nothing, once a stop is requested and the queue is empty.
  std::optional<T> take(const std::stop_token& stop) {
    const std::scoped_lock guard(lock_);
    if (!not_empty_.wait(stop, [&] { return !items_.empty(); })) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    not_full_.notify_one();
    return item;
  }

 private:
  const std::size_t capacity_;
  std::deque<T> items_;
  lockstep::RLock lock_;  // one for both conditions
  lockstep::Condition not_full_{lock_};
  lockstep::Condition not_empty_{lock_};
};

struct Input {
  int first_byte = EOF;
  std::string unfinished;  // what follows the last newline; the next file may go on with it
  bool complete = true;
};

void read(std::istream& in, const std::string& name, Input& input,
          BoundedQueue<std::string>& lines) {
  if (input.first_byte == EOF) input.first_byte = in.peek();
  std::string part;
  while (std::getline(in, part) && !in.eof()) {
    lines.put(std::exchange(input.unfinished, {}) + part);
  }
  input.unfinished += part;
  if (in.eof()) return;
  std::cerr << "producer_consumer: cannot read " << name << ": " << std::strerror(errno) << '\n';
  input.complete = false;
}

using WordCounts = std::map<std::string, std::size_t>;

// In the "C" locale, in which every program starts, these know ASCII only.
bool is_in_word(unsigned char c) { return std::isalnum(c) != 0; }
char to_small(unsigned char c) { return static_cast<char>(std::tolower(c)); }

void count_words(const std::string& line, WordCounts& counts) {
  for (auto end = line.begin();;) {
    const auto begin = std::find_if(end, line.end(), is_in_word);
    if (begin == line.end()) return;
    end = std::find_if_not(begin, line.end(), is_in_word);
    std::string word(begin, end);
    std::transform(word.begin(), word.end(), word.begin(), to_small);
    ++counts[std::move(word)];
  }
}

struct Options {
  std::size_t consumers = 2;
  std::size_t capacity = 1000;
  std::vector<std::string> files;
};

constexpr std::string_view usage =
    "usage: producer_consumer [--consumers N] [--capacity N] [FILE...]\n"
    "  --consumers N  how many threads count words, 1 to 1000 (default: 2)\n"
    "  --capacity N   how many lines the queue holds at most, 1 to 1000000 (default: 1000)\n"
    "  FILE...        what to read (default: the standard input)\n";

[[noreturn]] void refuse(std::string_view argument, std::string_view value,
                         std::string_view expected) {
  std::cerr << "producer_consumer: " << argument << " '" << value << "': expected " << expected
            << '\n';
  std::exit(2);
}

std::size_t parse_number(std::string_view argument, std::string_view value, std::size_t max) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool is_number = error == std::errc() && end == value.data() + value.size();
  if (is_number && number >= 1 && number <= max) return number;
  refuse(argument, value, "a whole number from 1 to " + std::to_string(max));
}

Options parse(std::span<char*> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const auto value = [&] { return ++i < arguments.size() ? arguments[i] : ""; };
    if (argument == "--help") {
      std::cout << usage;
      std::exit(0);
    } else if (argument == "--consumers") {
      options.consumers = parse_number(argument, value(), 1000);
    } else if (argument == "--capacity") {
      options.capacity = parse_number(argument, value(), 1'000'000);
    } else if (argument.starts_with('-')) {
      refuse("unknown option", argument, "--consumers, --capacity or --help");
    } else {
      options.files.emplace_back(argument);
    }
  }
  return options;
}

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);  // else std::cin is slow
  const Options options = parse({argv + 1, argv + argc});
  BoundedQueue<std::string> lines(options.capacity);
  Input input;
  WordCounts total;
  lockstep::Lock lock;  // guards total

  const auto consume = [&](std::stop_token stop) {
    WordCounts counts;
    while (const auto line = lines.take(stop)) count_words(*line, counts);
    const std::scoped_lock guard(lock);
    for (const auto& [word, count] : counts) total[word] += count;
  };
  {
    std::vector<std::jthread> consumers;
    for (std::size_t i = 0; i < options.consumers; ++i) consumers.emplace_back(consume);
    for (const std::string& name : options.files) {
      std::ifstream file(name, std::ios::binary);
      read(file, "'" + name + "'", input, lines);
    }
    if (options.files.empty()) read(std::cin, "the standard input", input, lines);
    lines.put(std::move(input.unfinished));
  }  // the consumers are asked to stop, and do so when the queue is empty

  if (input.first_byte != EOF && !is_in_word(static_cast<unsigned char>(input.first_byte))) {
    ++total[""];
  }
  for (const auto& [word, count] : total) std::cout << std::setw(7) << count << ' ' << word << '\n';
  if (!std::cout.flush()) std::cerr << "producer_consumer: cannot write the counts\n";
  return input.complete && std::cout ? 0 : 1;
}
