#pragma once

#include <string>
#include <string_view>

#include "mprofpp/analysis/history.hpp"
#include "mprofpp/chart/ticks.hpp"

namespace mprofpp::chart {

/// Returns `at 3.4 s`, `at the start`, `at 12:30:05` or `at 21 Nov 12:30:05`, depending on the axis.
std::string moment_text(double seconds, Range shown, const TimeAxis& axis);

/// Returns the text as one line of valid UTF-8 that runs from left to right: control characters become
/// spaces, and what follows a name in Hebrew or Arabic appears to the right of it.
std::string one_line(std::string_view text);

/// Returns the name that people use for a process: the whole title that it gave itself
/// (`gunicorn: worker [app]`, `shop uWSGI worker 1`), else its program, with the script if the program is an
/// interpreter. Empty if the file names no processes.
std::string process_title(const analysis::ProcessHistory& process);

/// Returns title and pid: `gunicorn 1234`, or `child 1234` if only the pid is known.
std::string short_process_name(const analysis::ProcessHistory& process);

/// Returns title, pid and parent: `gunicorn 1234 ← 1200`, or `child 1234` if only the pid is known.
std::string process_name(const analysis::ProcessHistory& process);

/// Returns the command of a recording for display, without the escapes that the file needs.
std::string command_text(const analysis::History& history);

/// Returns the name of the MEM line: `total (5 processes)`, or the name of the recorded process.
std::string total_name(const analysis::History& history);

/// Returns the name of the metric, such as RSS or PSS, or `memory` if the file does not name it.
std::string metric_name(const analysis::History& history);

}  // namespace mprofpp::chart
