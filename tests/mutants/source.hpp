// tests/mutants/source.hpp: a header of the library as tokens, with the function that each stands in.
//
// Not a parser of C++: it reads the headers of primitives/, which clang-format has laid out and the compiler has
// accepted. Which name a scope has is judged from the words before its brace.
// Checked by: source_test.cpp; and by the compiler, which builds what operators.cpp makes of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mutants {

[[nodiscard]] bool is_one_of(std::string_view word, const auto& words) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

struct Token {
  std::string_view text;
  std::size_t at;  // in the source
  unsigned line;   // the first is 1
  bool is_word;    // an identifier or a keyword
};

/// The tokens of a source text, without comments and preprocessor directives. Throws std::invalid_argument if
/// its parentheses do not match.
class Source {
 public:
  explicit Source(std::string text);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::size_t size() const noexcept { return tokens_.size(); }
  [[nodiscard]] const Token& operator[](std::size_t i) const { return tokens_.at(i); }
  [[nodiscard]] bool is(std::size_t i, std::string_view text) const {
    return i < tokens_.size() && tokens_[i].text == text;
  }

  /// For a parenthesis, bracket or brace: the one that belongs to it.
  [[nodiscard]] std::size_t match(std::size_t i) const { return match_.at(i); }

  /// The function that a token stands in, as in "WaitQueue::lock"; empty outside of all. Of a lambda: the
  /// function around it.
  [[nodiscard]] std::string function(std::size_t i) const;
  /// The same, of a character.
  [[nodiscard]] std::string function_at(std::size_t at) const;

  /// From the first character of one token to the last of another, with every gap one space wide.
  [[nodiscard]] std::string words(std::size_t first, std::size_t last) const;

 private:
  struct Scope {
    std::size_t first;  // its brace
    std::size_t last;
    std::string name;
    bool is_function;
  };

  void read_tokens();
  void match_parentheses();
  void find_scopes();
  void find_scopes_in(std::size_t first, std::size_t last);
  [[nodiscard]] std::size_t read_word_or_number(std::size_t at) const;
  [[nodiscard]] std::size_t read_mark(std::size_t at) const;
  [[nodiscard]] std::size_t skip_blank(std::size_t at) const;
  [[nodiscard]] std::size_t after_quote(std::size_t at) const;

  std::string text_;
  std::vector<Token> tokens_;
  std::vector<std::size_t> match_;
  std::vector<Scope> scopes_;
};

}  // namespace mutants
