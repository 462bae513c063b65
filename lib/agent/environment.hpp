#pragma once

#include <cstddef>
#include <cstdint>

namespace mprofpp::agent {

/// The variables that bring the agent into a program, kept from the start: programs begin others
/// with an environment of their own making. Nothing here allocates or makes a system call, so all
/// of it may run in a vforked child.
class Environment {
 public:
  constexpr Environment() = default;

  /// Takes a copy of the variables. False when nobody records here, or they are too long to be
  /// ours.
  bool take();

  bool is_taken() const { return wanted_[run] != nullptr; }
  /// Of the run; only if is_taken(). Empty where the recorder could make none: then `profile` does
  /// nothing, and there are no marks.
  const char* folder() const;
  bool is_exact() const;
  /// Nanoseconds; 0 when every call is to be told by itself.
  std::uint64_t shortest_told() const;
  /// Shell patterns, one a line, of the functions to be marked and of those not to be. May be
  /// empty.
  const char* trace() const;
  const char* no_trace() const;

  /// Whether a program with that environment gets the agent as it is.
  bool is_complete(char* const* entries) const;
  /// How large a completed copy is, in bytes, its texts included.
  std::size_t size_of_copy(char* const* entries) const;
  /// Puts a completed copy into that memory and answers its entries.
  char** copy(char* const* entries, void* memory) const;

 private:
  static constexpr std::size_t longest = 4096;
  enum Variable {
    run,
    agent,
    exact,
    shortest,
    trace_patterns,
    no_trace_patterns,
    preload,
    asan_options,
    variables
  };

  bool take(Variable variable, const char* value);
  const char* value_of_wanted(Variable variable) const;  ///< may be empty

  /// Whole entries, NAME=value, one behind the other; null for one that is not set.
  const char* wanted_[variables] = {};
  static char texts_[variables * longest];
  std::size_t used_ = 0;
};

Environment& environment();

}  // namespace mprofpp::agent
