#pragma once

#include <string>
#include <vector>

#include "console/console.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/outcome.hpp"

namespace mprofpp::app {

/// Returns the error that explains why a recording has no samples.
Error no_samples(const record::Outcome& outcome, const record::Options& options);

/// How much the summary reports. `brief` leaves out the number of processes that no sample has seen if the
/// program's own processes report themselves when they exit: those that are only counted are then most
/// likely not the program's.
enum class Summary { brief, all };

/// A line of the summary.
struct SummaryLine {
  enum class Kind {
    note,
    warning,    ///< something is missing from the recording
    next_step,  ///< a command to type next
  };

  Kind kind = Kind::note;
  std::string strong = {};  ///< the start of the line, which is printed in bold
  std::string text;

  friend bool operator==(const SummaryLine&, const SummaryLine&) = default;
};

/// Returns the summary of a recording: the figures, what is missing from the recording, the message about its
/// growth if there is one, and the next command to type. The outcome must have figures.
std::vector<SummaryLine> run_summary(const record::Outcome& outcome, const record::Options& options,
                                     Summary summary, const std::string& growth = {});

/// Prints the lines to stderr.
void print(const std::vector<SummaryLine>& lines, const Console& console);

}  // namespace mprofpp::app
