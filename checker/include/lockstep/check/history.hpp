// lockstep/check/history.hpp: what lockstep/linearizability.hpp and the checker know of each other. Not for users.
//
// What the program under exploration writes down about itself must be no part of what is explored: it
// would race, allocate, and order what nothing else orders. So the runtime keeps it, and runs
// what the program's templates have to do with it as if that were its own code: no access is seen, memory is
// the process's and not the execution's, and nothing is put back.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::check::history {

/// A reference object, whose type the program knows.
class AnyReference {
 public:
  AnyReference() = default;
  AnyReference& operator=(const AnyReference&) = delete;
  virtual ~AnyReference() = default;
  [[nodiscard]] virtual std::unique_ptr<AnyReference> copy() const = 0;
  /// To one of the same type.
  [[nodiscard]] virtual bool is_equal_to(const AnyReference& other) const = 0;
  /// Nothing if the type cannot be written to a stream.
  [[nodiscard]] virtual std::string text() const = 0;

 protected:
  AnyReference(const AnyReference&) = default;
};

/// Does the step on the reference, or says that it cannot happen in this state, which then counts for nothing.
using Step = std::function<bool(AnyReference&)>;

/// How an operation came back.
struct Response {
  bool is_reported = false;  // is its text wanted?
  std::string result;        // for the report; nothing if it has none
  std::vector<Step> steps;   // what it did, in order
};

/// Refers to code of the program, for the runtime to run as its own, which it does before the call that
/// is given it returns.
template <class Argument>
class Native {
 public:
  template <class Code>
  explicit Native(const Code& code) noexcept
      : code_(&code), run_([](const void* it, Argument& argument) {
          (*static_cast<const Code*>(it))(argument);
        }) {}

  void operator()(Argument& argument) const { run_(code_, argument); }

 private:
  const void* code_;
  void (*run_)(const void*, Argument&);
};

struct Recorded;   // a history
struct Performed;  // an operation of one

/// Begins a history, of the present execution or, outside one, of each. `make` makes its reference.
[[nodiscard]] Recorded* open(Native<std::unique_ptr<AnyReference>> make);
/// What an execution recorded is checked at its end all the same.
void close(Recorded* recorded) noexcept;
/// Null outside an exploration.
[[nodiscard]] Performed* invoke(Recorded& recorded, std::string_view name);
void respond(Performed& performed, Native<Response> describe);
void withdraw(Performed& performed) noexcept;

}  // namespace lockstep::check::history
