#pragma once

#include "cli/arguments.hpp"
#include "console/console.hpp"
#include "lines/lines_output.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/outcome.hpp"
#include "options/lines_options.hpp"

namespace mprofpp::app {

/// Runs a program, counts the lines of its functions and prints their tables.
class ProgramLines {
 public:
  /// `options` and `console` outlive it.
  ProgramLines(const LinesOptions& options, const Console& console)
      : options_(options), console_(console), output_(options, console) {}

  /// Returns the exit status, which is the program's own if it was started.
  int run(const Arguments& program) const;

 private:
  int refuse(const Error& error, int status) const;
  Result<record::Options> recorder_options(const Arguments& program, const Fd& unnamed,
                                           launch::StartState state) const;
  Result<void> print_tables(const record::Outcome& outcome, const std::string& name,
                            const Fd& unnamed) const;

  const LinesOptions& options_;
  const Console& console_;
  LinesOutput output_;
};

}  // namespace mprofpp::app
