#pragma once

#include <cstddef>
#include <cstdint>

namespace mprofpp::agent {

/// A copy of the environment variables that load the agent into a program. It is taken when the
/// program starts, because a program may start others with an environment that it has built itself.
/// Nothing here allocates or makes a system call, so all of it may run in a vforked child.
class Environment {
 public:
  constexpr Environment() = default;

  /// Copies the variables of this process. Returns false if no recorder has set them, or if they
  /// are too long to be ours.
  bool read();

  /// Takes them from a block of texts NAME=value that each end with a zero byte, the last of which is empty:
  /// a recorder has attached to this process. Programs that this one starts do not get them. Returns false if
  /// the block does not have them all.
  bool adopt(const char* block);
  /// Forgets what adopt() has taken.
  void disown();

  /// Returns true if a recorder has attached to this process, whose variables adopt() has taken.
  bool is_adopted() const { return is_adopted_; }
  /// Returns true if read() or adopt() has found them.
  bool has_variables() const { return wanted_[run] != nullptr; }
  /// Returns the folder of the run; requires has_variables(). It is empty if the recorder could not make
  /// a folder: then there are no marks, and Python's `profile` does nothing.
  const char* folder() const;
  /// Returns true if every mark must have a memory reading of its own (`run --exact`).
  bool is_exact() const;
  /// Returns the length in nanoseconds from which calls are reported one by one; 0 if all are.
  std::uint64_t shortest_reported() const;
  /// Returns the number of seccomp filters that the recorder itself is under.
  std::uint64_t filters() const;
  /// Return shell patterns, one per line, of the functions to mark and of those not to mark. Both
  /// may be empty.
  const char* trace() const;
  const char* no_trace() const;
  /// Returns true if code may be run in this program from outside: mprofpp run has allowed it, or has not
  /// started the program.
  bool allows_console() const;
  /// Returns true if the memory that lines add is to be counted; with a word, if it is also one of the
  /// words of wire::lines_variable.
  bool wants_lines() const;
  bool wants_lines(const char* word) const;
  /// Returns shell patterns, one per line, of the functions whose lines are to be counted; may be empty.
  const char* lines_of() const;

  /// Returns true if a program with that environment loads the agent without any change to it.
  bool is_complete(char* const* entries) const;
  /// Returns the size of a completed copy in bytes, strings included.
  std::size_t size_of_copy(char* const* entries) const;
  /// Writes a completed copy into that memory and returns its entries.
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
    lines_wanted,
    lines_of_patterns,
    filters_of_recorder,
    console_allowed,
    preload,
    asan_options,
    variables
  };

  bool store(Variable variable, const char* value);
  template <class ValueOf>
  bool store_all(ValueOf value_of);
  const char* value_of_wanted(Variable variable) const;  ///< empty if it is not set

  /// Whole entries (NAME=value), which lie one after another in texts_; null if not set.
  const char* wanted_[variables] = {};
  static char texts_[variables * longest];
  std::size_t used_ = 0;
  bool is_adopted_ = false;
};

Environment& environment();

}  // namespace mprofpp::agent
