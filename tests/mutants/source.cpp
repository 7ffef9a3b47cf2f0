#include "source.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace mutants {

namespace {

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

constexpr std::string_view opening = "([{";
constexpr std::string_view closing = ")]}";

/// After these, parentheses are not the parameters of a function.
constexpr std::string_view not_functions[] = {"requires", "noexcept", "alignas",
                                              "explicit", "decltype", "nodiscard"};

/// Between the parameters of a function and its body.
constexpr std::string_view before_body[] = {")",     "const", "noexcept", "override",
                                            "final", "try",   "}",        "mutable"};

}  // namespace

Source::Source(std::string text) : text_(std::move(text)) {
  read_tokens();
  match_parentheses();
  find_scopes();
}

void Source::read_tokens() {
  unsigned line = 1;
  std::size_t counted = 0;
  for (std::size_t at = skip_blank(0); at < text_.size(); at = skip_blank(at)) {
    line += static_cast<unsigned>(std::count(&text_[counted], &text_[at], '\n'));
    counted = at;
    const bool is_word = is_word_character(text_[at]);
    const bool is_quote = text_[at] == '"' || text_[at] == '\'';
    const std::size_t end = is_word    ? read_word_or_number(at)
                            : is_quote ? after_quote(at)
                                       : read_mark(at);
    const bool is_number = std::isdigit(static_cast<unsigned char>(text_[at])) != 0;
    tokens_.push_back(
        {std::string_view(text_).substr(at, end - at), at, line, is_word && !is_number});
    at = end;
  }
}

/// Behind blanks, comments and directives.
std::size_t Source::skip_blank(std::size_t at) const {
  const auto end_of_line = [&] { return std::min(text_.find('\n', at), text_.size()); };
  while (at < text_.size()) {
    if (std::isspace(static_cast<unsigned char>(text_[at])) != 0) {
      ++at;
    } else if (text_.compare(at, 2, "//") == 0) {
      at = end_of_line();
    } else if (text_.compare(at, 2, "/*") == 0) {
      at = std::min(text_.find("*/", at), text_.size() - 2) + 2;
    } else if (text_[at] == '#') {
      at = end_of_line();
      while (text_[at - 1] == '\\' && at < text_.size()) {
        ++at;
        at = end_of_line();
      }
    } else {
      return at;
    }
  }
  return at;
}

std::size_t Source::read_word_or_number(std::size_t at) const {
  const bool is_number = std::isdigit(static_cast<unsigned char>(text_[at])) != 0;
  while (at < text_.size() && (is_word_character(text_[at]) || (is_number && text_[at] == '\''))) {
    ++at;
  }
  return at;
}

std::size_t Source::read_mark(std::size_t at) const {
  for (const std::string_view pair : {"::", "->"}) {
    if (text_.compare(at, 2, pair) == 0) return at + 2;
  }
  return at + 1;
}

std::size_t Source::after_quote(std::size_t at) const {
  const char quote = text_[at];
  for (++at; at < text_.size() && text_[at] != quote; ++at) {
    if (text_[at] == '\\') ++at;
  }
  return std::min(at + 1, text_.size());
}

void Source::match_parentheses() {
  match_.assign(tokens_.size(), 0);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const char mark = tokens_[i].text.front();
    if (opening.find(mark) != opening.npos) open.push_back(i);
    const std::size_t kind = closing.find(mark);
    if (kind == closing.npos) continue;
    if (open.empty() || tokens_[open.back()].text.front() != opening[kind]) {
      throw std::invalid_argument("line " + std::to_string(tokens_[i].line) + ": '" + mark +
                                  "' closes nothing");
    }
    match_[i] = open.back();
    match_[open.back()] = i;
    open.pop_back();
  }
  if (!open.empty()) {
    throw std::invalid_argument("line " + std::to_string(tokens_[open.back()].line) +
                                ": this is never closed");
  }
}

void Source::find_scopes() { find_scopes_in(0, tokens_.size()); }

/// Namespaces, classes and functions, each with what is in it; what is in a function stays one scope.
void Source::find_scopes_in(std::size_t first, std::size_t last) {
  std::size_t head = first;
  std::string class_name;
  std::size_t parameters = 0;  // the first parenthesis that opens a function's
  bool is_class = false;
  bool is_namespace = false;
  const auto begin_head = [&](std::size_t at) {
    head = at;
    class_name.clear();
    parameters = 0;
    is_class = is_namespace = false;
  };
  for (std::size_t i = first; i < last; ++i) {
    const std::string_view word = tokens_[i].text;
    if (word == ";") {
      begin_head(i + 1);
    } else if (word == "(" || word == "[") {
      const bool is_first = parameters == 0 && word == "(" && i > head;
      if (is_first && tokens_[i - 1].is_word && !is_one_of(tokens_[i - 1].text, not_functions)) {
        parameters = i;
      }
      i = match_[i];
    } else if (word == "namespace") {
      is_namespace = true;
    } else if (parameters == 0 && (word == "class" || word == "struct" || word == "union") &&
               !is(i - 1, "<") && !is(i - 1, ",")) {
      is_class = true;
      std::size_t name = i + 1;
      while (is(name, "[") || is(name, "alignas"))
        name = match_[is(name, "[") ? name : name + 1] + 1;
      class_name = std::string(tokens_[name].text);
    } else if (word == "{") {
      const std::size_t end = match_[i];
      const bool has_result_type = std::any_of(&tokens_[parameters], &tokens_[i],
                                               [](const Token& t) { return t.text == "->"; });
      const bool is_function = parameters != 0 && !is_class &&
                               (is_one_of(tokens_[i - 1].text, before_body) || has_result_type);
      if (is_namespace || is_class) {
        if (is_class) scopes_.push_back({i, end, class_name, false});
        find_scopes_in(i + 1, end);
        begin_head(end + 1);
      } else if (is_function) {
        const bool is_destructor = is(parameters - 2, "~");
        scopes_.push_back(
            {i, end, (is_destructor ? "~" : "") + std::string(tokens_[parameters - 1].text), true});
        begin_head(end + 1);
      }
      i = end;
    }
  }
}

std::string Source::function(std::size_t i) const {
  std::string name;
  for (const Scope& scope : scopes_) {
    if (scope.first < i && i < scope.last) name += (name.empty() ? "" : "::") + scope.name;
  }
  return name;
}

std::string Source::function_at(std::size_t at) const {
  std::size_t i = 0;
  while (i + 1 < tokens_.size() && tokens_[i + 1].at <= at) ++i;
  return function(i);
}

std::string Source::words(std::size_t first, std::size_t last) const {
  std::string all;
  for (std::size_t i = first; i <= last; ++i) {
    const Token& token = tokens_[i];
    const bool touches = i == first || tokens_[i - 1].at + tokens_[i - 1].text.size() == token.at;
    if (!touches) all += ' ';
    all += token.text;
  }
  return all;
}

}  // namespace mutants
