#include "operators.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace mutants {

namespace {

constexpr std::array<std::string_view, 9> read_modify_writes = {"exchange",
                                                                "compare_exchange_weak",
                                                                "compare_exchange_strong",
                                                                "fetch_add",
                                                                "fetch_sub",
                                                                "fetch_and",
                                                                "fetch_or",
                                                                "fetch_xor",
                                                                "test_and_set"};

/// Whoever calls one of these tells somebody who may be waiting.
constexpr std::array<std::string_view, 9> wakes = {"futex_wake_one", "futex_wake_all", "wake",
                                                   "wake_all",       "schedule",       "ring",
                                                   "notify",         "notify_waiters", "adopt"};

constexpr std::string_view order_prefix = "memory_order_";

/// The orders one step weaker.
std::vector<std::string> weaker(std::string_view order) {
  if (order == "seq_cst") return {"acq_rel"};
  if (order == "acq_rel") return {"release", "acquire"};
  if (order == "acquire" || order == "release") return {"relaxed"};
  return {};
}

std::string without_prefixes(std::string text) {
  for (const std::string_view prefix : {"std::memory_order_", "std::"}) {
    for (std::size_t at; (at = text.find(prefix)) != text.npos;) text.erase(at, prefix.size());
  }
  return text;
}

std::string named(std::string_view order) { return "std::memory_order_" + std::string(order); }

/// What is put around a piece of the source.
struct Edit {
  std::size_t first;  // characters
  std::size_t last;   // behind the last
  std::string before;
  std::string after;
};

class Header {
 public:
  Header(const std::string& file, const Source& source, std::vector<Mutant>& all,
         std::vector<Operation>& operations)
      : file_(file), source_(source), all_(all), operations_(operations) {}

  std::string with_mutants() {
    for (std::size_t i = 0; i < source_.size(); ++i) {
      if (source_.is(i + 1, "(") && !source_.function(i).empty()) find_call(i);
    }
    refuse_orders_of_no_operation();
    return edited();
  }

 private:
  /// A call in the source: `object.name(...)`.
  struct Call {
    std::size_t first;  // of the object
    std::size_t name;
    std::size_t open;
    std::size_t close;
  };

  void find_call(std::size_t name) {
    const std::string_view word = source_[name].text;
    if (word == "if" || word == "while" || word == "for") return find_condition(name);
    if (!source_[name].is_word) return;
    const Call call{first_of_object(name), name, name + 1, source_.match(name + 1)};
    const std::vector<std::size_t> orders = orders_in(call);
    const bool is_fence = word == "atomic_thread_fence";
    if (!orders.empty() && (is_fence || source_.is(name - 1, ".") || source_.is(name - 1, "->"))) {
      atomic_operation(call, orders);
    } else if (word == "futex_wait") {
      wait(call);
    } else if (is_one_of(word, wakes)) {
      wake(call);
    }
  }

  /// Of `a.b[c].name` the first token, `a`.
  [[nodiscard]] std::size_t first_of_object(std::size_t name) const {
    std::size_t i = name;
    while (i > 0 &&
           (source_.is(i - 1, ".") || source_.is(i - 1, "->") || source_.is(i - 1, "::"))) {
      i -= 2;
      while (source_.is(i, ")") || source_.is(i, "]")) {
        i = source_.match(i);
        if (!source_[i - 1].is_word) return i;
        --i;
      }
    }
    return i;
  }

  [[nodiscard]] std::vector<std::size_t> orders_in(const Call& call) const {
    std::vector<std::size_t> orders;
    for (std::size_t i = call.open; i < call.close; ++i) {
      if (source_[i].text.starts_with(order_prefix)) orders.push_back(i);
    }
    return orders;
  }

  [[nodiscard]] std::string_view order_at(std::size_t i) const {
    return source_[i].text.substr(order_prefix.size());
  }

  /// What was overlooked would be taken for verified.
  void refuse_orders_of_no_operation() const {
    for (std::size_t i = 0; i < source_.size(); ++i) {
      if (!source_[i].text.starts_with(order_prefix) || known_orders_.contains(i)) continue;
      throw std::invalid_argument(file_ + ":" + std::to_string(source_[i].line) +
                                  ": of which atomic operation is " + std::string(source_[i].text) +
                                  " the order?");
    }
  }

  void atomic_operation(const Call& call, const std::vector<std::size_t>& orders) {
    begin_operation(call);
    known_orders_.insert(orders.begin(), orders.end());
    for (const std::size_t i : orders) {
      std::string& order = operations_.back().order;
      order += (order.empty() ? "" : ", ") + std::string(order_at(i));
    }
    for (const std::size_t i : orders) weaken(i, orders);
    if (is_one_of(source_[call.name].text, read_modify_writes))
      tear(call, order_at(orders.front()));
    if (source_[call.name].text != "load") omit(call, "omission", "omitted");
  }

  void weaken(std::size_t order, const std::vector<std::size_t>& orders) {
    const std::string is = std::string(order_at(order));
    std::string choice;
    for (const std::string& less : weaker(is)) {
      const std::string of = order == orders.front() ? "" : " on failure";
      choice += switched_on(add("order", is + " -> " + less + of)) + " ? " + named(less) + " : ";
    }
    if (!choice.empty()) edit(order - 2, order, "(" + choice, ")");
  }

  void tear(const Call& call, std::string_view order) {
    const bool both = order == "acq_rel" || order == "seq_cst";
    const std::string load = both || order == "acquire" ? "acquire" : "relaxed";
    const std::string store = both || order == "release" ? "release" : "relaxed";
    edit(call.first, call.name - 2,
         "::mutants::torn_if(" + switched_on(add("atomicity", "a load and a store")) + ", ",
         ", " + named(load) + ", " + named(store) + ")");
  }

  void wait(const Call& call) {
    begin_operation(call);
    const std::size_t comma = next_comma(call.open + 1, call.close);
    const std::size_t end = next_comma(comma + 1, call.close);
    edit(comma + 1, end - 1,
         switched_on(add("wait", "sleeps whatever the word is")) + " ? " +
             source_.words(call.open + 1, comma - 1) + ".load(std::memory_order_relaxed) : ",
         "");
  }

  [[nodiscard]] std::size_t next_comma(std::size_t i, std::size_t last) const {
    for (; i < last && !source_.is(i, ","); ++i) {
      if (source_.is(i, "(") || source_.is(i, "{") || source_.is(i, "[")) i = source_.match(i);
    }
    return i;
  }

  void wake(const Call& call) {
    if (!is_statement(call)) return;
    begin_operation(call);
    if (source_.is(call.name, "wake_all")) {
      const std::size_t one = add("wake", "only the first");
      const std::size_t none = add("wake", "omitted");
      const std::string list = source_.words(call.first, call.name - 2);
      edit(call.first, call.close + 1,
           "{ if (" + switched_on(one) + ") { if (!" + list + ".empty()) " + list +
               ".pop_front().wake(" + source_.words(call.open + 1, call.close - 1) +
               "); } else if (!" + switched_on(none) + ") ",
           " }");
    } else {
      omit(call, "wake", "omitted");
    }
  }

  void omit(const Call& call, const std::string& kind, const std::string& change) {
    if (!is_statement(call)) return;
    if (source_.is(call.first - 1, "return")) {
      edit(call.first - 1, call.close + 1, "{ if (" + switched_on(add(kind, change)) + ") return; ",
           " }");
    } else {
      edit(call.first, call.close + 1, "{ if (!" + switched_on(add(kind, change)) + ") ", " }");
    }
  }

  /// Is that call all that a statement does?
  [[nodiscard]] bool is_statement(const Call& call) const {
    if (!source_.is(call.close + 1, ";")) return false;
    const std::size_t before = call.first - 1;
    if (source_.is(before, "{") && source_.is(before - 1, "requires")) return false;
    if (source_.is(before, ")")) {
      const std::size_t word = source_.match(before) - 1;
      return source_.is(word, "if") || source_.is(word, "for") || source_.is(word, "while") ||
             source_.is(word, "constexpr");
    }
    const bool returns_nothing =
        source_.is(before, "return") && is_one_of(source_[call.name].text, wakes);
    return returns_nothing || source_.is(before, ";") || source_.is(before, "{") ||
           source_.is(before, "}") || source_.is(before, "else") || source_.is(before, "do");
  }

  /// The condition of an if or a loop, if an atomic is asked in it.
  void find_condition(std::size_t word) {
    std::size_t first = word + 2;
    std::size_t last = source_.match(word + 1);  // behind the last
    std::vector<std::size_t> parts;
    for (std::size_t i = first; i < last; ++i) {
      if (source_.is(i, "(") || source_.is(i, "{") || source_.is(i, "[")) i = source_.match(i);
      if (source_.is(i, ";")) parts.push_back(i);
    }
    if (source_.is(word, "for")) {
      if (parts.size() != 2) return;
      first = parts[0] + 1;
      last = parts[1];
    } else if (!parts.empty()) {
      first = parts.back() + 1;
    }
    if (first == last || !asks_an_atomic(first, last)) return;
    check(word, first, last - 1);
  }

  [[nodiscard]] bool asks_an_atomic(std::size_t first, std::size_t last) const {
    for (std::size_t i = first; i < last; ++i) {
      if (source_[i].text.starts_with(order_prefix)) return true;
    }
    return false;
  }

  void check(std::size_t word, std::size_t first, std::size_t last) {
    const bool is_if = source_.is(word, "if");
    begin_operation(word, source_.is(word, "for") ? "while" : std::string(source_[word].text),
                    first, last);
    const std::size_t no = add("check", "taken for false");
    std::string before = "!" + switched_on(no) + " && (";
    if (is_if) before = switched_on(add("check", "taken for true")) + " || (" + before;
    edit(first, last, before, is_if ? "))" : ")");
  }

  void begin_operation(const Call& call) {
    operations_.push_back({file_,
                           source_[call.name].line,
                           source_.function(call.name),
                           numbered(call.name, source_.words(call.first, call.close)),
                           "",
                           {}});
  }

  void begin_operation(std::size_t word, const std::string& what, std::size_t first,
                       std::size_t last) {
    operations_.push_back({file_,
                           source_[word].line,
                           source_.function(word),
                           numbered(word, what + " (" + source_.words(first, last) + ")"),
                           "",
                           {}});
  }

  /// An operation that its function does more than once has a number, beside its text.
  std::string numbered(std::size_t at, const std::string& words) {
    const std::string operation = without_prefixes(words);
    const int n = ++seen_[source_.function(at) + ' ' + operation];
    return n == 1 ? operation : operation + " #" + std::to_string(n);
  }

  std::size_t add(const std::string& kind, const std::string& change) {
    const Operation& of = operations_.back();
    const std::size_t number = all_.size() + 1;
    all_.push_back({number, kind, file_, of.line, of.function, of.operation, change});
    operations_.back().mutants.push_back(number);
    return number;
  }

  static std::string switched_on(std::size_t number) {
    return "::mutants::is(" + std::to_string(number) + ")";
  }

  void edit(std::size_t first, std::size_t last, std::string before, std::string after) {
    edits_.push_back({source_[first].at, source_[last].at + source_[last].text.size(),
                      std::move(before), std::move(after)});
  }

  static std::size_t width(const Edit& edit) { return edit.last - edit.first; }

  /// Of two edits that begin or end at the same place the wider is outside, or else the later.
  [[nodiscard]] std::string edited() {
    std::vector<std::size_t> order(edits_.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(width(edits_[a]), a) < std::pair(width(edits_[b]), b);
    });
    std::map<std::size_t, std::pair<std::string, std::string>>
        inserted;  // what ends and begins there
    for (const std::size_t i : order) {
      const Edit& edit = edits_[i];
      inserted[edit.first].second.insert(0, edit.before);
      inserted[edit.last].first += edit.after;
    }
    std::string text = source_.text();
    for (auto each = inserted.rbegin(); each != inserted.rend(); ++each) {
      text.insert(each->first, each->second.first + each->second.second);
    }
    return text;
  }

  const std::string& file_;
  const Source& source_;
  std::vector<Mutant>& all_;
  std::vector<Operation>& operations_;
  std::map<std::string, int> seen_;
  std::set<std::size_t> known_orders_;  // tokens
  std::vector<Edit> edits_;
};

}  // namespace

std::string with_mutants(const std::string& file, const Source& source, std::vector<Mutant>& all,
                         std::vector<Operation>& operations) {
  return Header(file, source, all, operations).with_mutants();
}

}  // namespace mutants
