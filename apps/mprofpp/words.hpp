#pragma once

#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// An option as the command line is cut by it: all its names and whether it takes a value.
struct OptionShape {
  std::vector<std::string> names;  ///< "-T", "--interval"
  bool takes_value = false;
};

/// A command line in two: what is ours and what is the program's.
struct CutWords {
  std::vector<std::string> options;  ///< spelled out, values joined: --interval=0.1
  std::vector<std::string> rest;     ///< from the first operand on, or all behind `--`
};

/// Cuts `words` at the first word that is neither an option nor the value of one. The rest is not
/// looked at, so a program's arguments reach it byte for byte. Long options may be shortened as far as
/// they stay unambiguous (mprof allows it), and a value may begin with a minus.
/// Errors: invalid_argument for an unknown or ambiguous option or a missing value.
Result<CutWords> cut_at_program(const std::vector<std::string>& words,
                                const std::vector<OptionShape>& options);

/// As cut_at_program for commands whose operands may stand between options: operands are gathered in
/// `rest`. A negative number (-1) is an operand, not an option.
Result<CutWords> separate_operands(const std::vector<std::string>& words,
                                   const std::vector<OptionShape>& options);

}  // namespace mprofpp::app
