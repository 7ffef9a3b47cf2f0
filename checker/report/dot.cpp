// Two tricks make columns and rows of it. A chain of the places, and each event on the rank of its own, set the rows; the
// arrows between threads have no say in that (constraint=false). Each column has po as a chain of heavy edges, which dot
// keeps straight.
#include "checker/report/dot.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "checker/report/diagram.hpp"
#include "checker/report/text.hpp"

namespace lockstep::check {
namespace {

/// As a string of dot's, lines broken between words where they get long.
std::string quoted(std::string_view text, std::size_t room = std::string::npos) {
  std::string result = "\"";
  std::size_t length = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::size_t word = std::min(text.find(' ', i + 1), text.size()) - i;
    if (c == '\n' || (c == ' ' && length + word > room)) {
      result += "\\n";
      length = 0;
      continue;
    }
    if (c == '"' || c == '\\') result += '\\';
    result += c;
    ++length;
  }
  return result + '"';
}

std::string node(std::size_t row) { return "e" + std::to_string(row); }

/// How an arrow is drawn.
std::string_view style_of(Arrow::Kind kind) {
  constexpr std::array<std::string_view, 7> styles{
      R"(color="#1f6fd0", fontcolor="#1f6fd0", label="rf")",
      R"(color="#9a6a1c", fontcolor="#9a6a1c", label="co", style=dashed)",
      R"(color="#1a7f37", fontcolor="#1a7f37", label="sw", penwidth=1.8)",
      R"(color="#6e7781", fontcolor="#6e7781", label="wakes", style=dashed)",
      R"(color="#cf222e", fontcolor="#cf222e", label="not ordered", dir=both, penwidth=2.2)",
      R"(color="#cf222e", fontcolor="#cf222e", label="waits for", penwidth=2.2)",
      R"(color="#cf222e", fontcolor="#cf222e", label="missed", style=dashed, penwidth=1.6)"};
  return styles[static_cast<std::size_t>(kind)];
}

constexpr std::string_view asw_style = R"(color="#6e7781")";

class Dot {
 public:
  Dot(const Finding& finding, const Symbols& symbols)
      : words_(finding, symbols), diagram_(diagram_of(words_)) {}

  [[nodiscard]] std::string text() && {
    line("digraph execution {");
    line("  graph [label=" + quoted(title_of(words_), 80) +
         R"(, labelloc=t, fontsize=16, newrank=true, nodesep=0.45, )" +
         R"(ranksep=0.3, fontname="Helvetica", bgcolor=white];)");
    line(
        R"(  node [shape=box, style="rounded,filled", fillcolor=white, color="#8c959f", fontname="Courier", fontsize=11];)");
    line(R"(  edge [fontname="Helvetica", fontsize=10, arrowsize=0.7];)");
    places();
    const std::vector<std::size_t> threads = threads_of(diagram_.rows);
    for (const std::size_t thread : threads) column(thread);
    headings(threads);
    for (std::size_t i = 0; i < diagram_.rows.size(); ++i) {
      line("  { rank=same; at" + std::to_string(i) + "; " + node(i) + "; }");
    }
    for (const Arrow& arrow : diagram_.arrows) draw(arrow);
    line("}");
    return std::move(text_);
  }

 private:
  void line(const std::string& text) { text_ += text + "\n"; }

  /// The chain that makes the rows.
  void places() {
    for (std::size_t i = 0; i < diagram_.rows.size(); ++i) {
      line("  at" + std::to_string(i) +
           " [shape=plaintext, style=\"\", fontcolor=\"#57606a\", label=" +
           quoted(diagram_.rows[i].place) + "];");
    }
    for (std::size_t i = 1; i < diagram_.rows.size(); ++i) {
      line("  at" + std::to_string(i - 1) + " -> at" + std::to_string(i) +
           " [style=invis, weight=100];");
    }
  }

  /// In one rank, and so each column begins at the top; dot may put one before another to have fewer crossings.
  void headings(const std::vector<std::size_t>& threads) {
    if (diagram_.rows.empty()) return;
    std::string rank = "  { rank=same; at; ";
    for (const std::size_t thread : threads) {
      rank += (thread == threads.front() ? "" : " -> ") + ("thread" + std::to_string(thread));
    }
    line("  at [shape=plaintext, style=\"\", label=\"\"];");
    line(rank + " [style=invis]; }");
    line("  at -> at0 [style=invis, weight=100];");
  }

  void column(std::size_t thread) {
    constexpr std::size_t widest = 34;
    std::string before = "thread" + std::to_string(thread);
    line("  subgraph cluster_" + std::to_string(thread) + " {");
    line(R"(    label=""; style="rounded,filled"; color="#eaeef2"; fillcolor="#f6f8fa";)");
    line("    " + before +
         R"( [shape=plaintext, style="", fontname="Helvetica", fontsize=12, label=)" +
         quoted(words_.thread(thread)) + "];");
    for (std::size_t i = 0; i < diagram_.rows.size(); ++i) {
      const Row& row = diagram_.rows[i];
      if (row.thread != thread) continue;
      line("    " + node(i) + " [label=" + quoted(row.text, widest) +
           (row.is_marked ? R"(, color="#cf222e", fillcolor="#ffebe9", penwidth=2)" : "") + "];");
      const bool is_first = before.front() == 't';
      line("    " + before + " -> " + node(i) + " [weight=100, arrowhead=none, " +
           (is_first ? R"(color="#eaeef2"];)" : R"(color="#afb8c1"];)"));
      before = node(i);
    }
    line("  }");
  }

  [[nodiscard]] bool is_drawn(Arrow::Kind kind, const Arrow& arrow) const {
    const Arrow other{kind, arrow.from, arrow.to};
    return std::find(diagram_.arrows.begin(), diagram_.arrows.end(), other) !=
           diagram_.arrows.end();
  }

  /// Creates and ends order, but no memory order of the program's says so.
  [[nodiscard]] bool is_of_program(const Arrow& arrow) const {
    const EventId from = diagram_.rows[arrow.from].event;
    const Kind kind = words_.graph()[from].kind;
    return kind != Kind::create && kind != Kind::end;
  }

  void draw(const Arrow& arrow) {
    using Kind = Arrow::Kind;
    const bool is_within = diagram_.rows[arrow.from].thread == diagram_.rows[arrow.to].thread;
    if (arrow.kind == Kind::overwrites && (is_within || is_drawn(Kind::sees, arrow))) return;
    if (arrow.kind == Kind::sees && (is_within || is_drawn(Kind::synchronizes, arrow))) return;
    if (arrow.kind == Kind::wakes && is_drawn(Kind::synchronizes, arrow)) return;
    std::string style(style_of(arrow.kind));
    if (arrow.kind == Kind::synchronizes) {
      if (!is_of_program(arrow)) style = asw_style;
      if (is_drawn(Kind::sees, arrow)) style += R"(, label="rf, sw")";
    }
    line("  " + node(arrow.from) + " -> " + node(arrow.to) + " [constraint=false, " + style + "];");
  }

  const Glossary words_;
  const Diagram diagram_;
  std::string text_;
};

}  // namespace

std::string dot_of(const Finding& finding, const Symbols& symbols) {
  return Dot(finding, symbols).text();
}

}  // namespace lockstep::check
