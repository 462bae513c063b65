#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

using Arguments = std::vector<std::string>;

/// The parts of an option that the command line parser needs: its names and whether it takes a value.
struct OptionShape {
  std::vector<std::string> names;  ///< "-T", "--interval"
  bool takes_value = false;
  /// These mean the option although another option has the same prefix.
  std::vector<std::string> abbreviations = {};
  bool may_take_value = false;  ///< a value may be joined with `=`; the next argument is never one
};

/// A command line in two parts: mprofpp's own options and the rest.
struct SplitArguments {
  Arguments options;  ///< with their full names and values joined: --interval=0.1
  Arguments rest;     ///< the program with its arguments, or the operands
};

/// Splits the arguments at the first that is neither an option nor the value of one, or after `--`. The
/// rest is not examined, so a program gets its arguments unchanged. Long options may be abbreviated as long
/// as they stay unambiguous, as in mprof, and a value may start with a minus sign. Errors:
/// invalid_argument for an unknown or ambiguous option, a missing value or a needless one.
Result<SplitArguments> split_at_program(const Arguments& arguments,
                                        const std::vector<OptionShape>& options);

/// Does the same for commands whose operands may be mixed with options, and collects the operands in
/// `rest`. A negative number (-1) is an operand, not an option. Errors as for split_at_program().
Result<SplitArguments> separate_operands(const Arguments& arguments,
                                         const std::vector<OptionShape>& options);

/// Returns the first operand, a negative number included; nothing if there are only options. Errors as for
/// split_at_program().
Result<std::optional<std::string>> first_operand(const Arguments& arguments,
                                                 const std::vector<OptionShape>& options);

}  // namespace mprofpp::app
