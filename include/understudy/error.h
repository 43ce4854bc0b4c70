// Errors: one exception type with a kind.
//
//   if (epsilon <= 0) fail(ErrorKind::usage, "--epsilon is {}; it must be greater than 0", epsilon);
//
// A message names the file, line, column or argument, the value, and what would be accepted. It is meant for the
// person who runs the command and holds the data; texts for outsiders (release/) are written elsewhere and never
// quote an Error.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace understudy {

// The kind decides the exit code of the command line (docs/commands.md) and the exception type in bindings.
enum class ErrorKind {
  internal = 1,   // our own fault
  usage = 2,      // an argument or a run file is wrong
  input = 3,      // a data file, schema or model file is wrong
  budget = 4,     // the ledger refuses
  held = 5,       // the release is held or rejected
  cancelled = 6,  // the caller asked to stop; state was saved where the command says so
  lost = 7,       // another process of a training on several does not answer
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

template <class... Args>
[[noreturn]] void fail(ErrorKind kind, fmt::format_string<Args...> text, Args&&... args) {
  throw Error(kind, fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace understudy
