#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

/// The stacks of a Python program, as plain values. Texts come from the program and may contain anything.
namespace mprofpp::inspect {

struct Local {
  std::string name;
  std::string value;  ///< a short description of the value

  friend bool operator==(const Local&, const Local&) = default;
};

struct Frame {
  std::string function;
  std::string file;
  int line = 0;  ///< 0 if unknown
  std::vector<Local> locals = {};

  friend bool operator==(const Frame&, const Frame&) = default;
};

enum class StackKind { thread, task, greenlet };

struct Stack {
  StackKind kind = StackKind::thread;
  std::string name;                ///< may be empty
  std::optional<pid_t> tid;        ///< of a thread, as the program knows it
  std::vector<Frame> frames = {};  ///< the innermost first
};

struct Stacks {
  std::string python;  ///< the version: "3.11.2"
  std::vector<Stack> stacks = {};
  std::string left_out = {};  ///< what could not be looked at, and why; empty if nothing
};

}  // namespace mprofpp::inspect
