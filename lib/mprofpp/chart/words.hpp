#pragma once

#include <string>
#include <string_view>

#include "mprofpp/analysis/history.hpp"
#include "mprofpp/chart/ticks.hpp"

namespace mprofpp::chart {

/// "364.4 MiB"; "unknown" for what is no number.
std::string memory_text(double mib);
/// As memory_text with a sign: "+12.0 MiB", "−3.1 MiB".
std::string growth_text(double mib);
/// "+6.0 MiB/h"; more decimals for slow ones.
std::string slope_text(double mib_per_second);

/// `at 3.4 s`, `at the start`, `at 12:30:05` or `at 21 Nov 12:30:05`, as the axis has it.
std::string moment_text(double seconds, Range shown, const TimeAxis& axis);

/// One line of valid UTF-8 from left to right: control characters become blanks, and what follows a
/// name in Hebrew or Arabic stands to the right of it.
std::string one_line(std::string_view text);

/// What people call a process: the title it gave itself (`gunicorn: worker [app]`), else its
/// program, with the script if the program is an interpreter. Empty if the file names no processes.
std::string process_title(const analysis::ProcessHistory& process);

/// Title, pid and parent: `gunicorn 1234 ← 1200`; `child 1234` if no more is known.
std::string process_name(const analysis::ProcessHistory& process);

/// The command of a recording for people, without the escapes the file needs.
std::string command_text(const analysis::History& history);

/// What the MEM line is: `total (5 processes)`, or the recorded process's name.
std::string total_name(const analysis::History& history);

/// RSS, PSS, USS, or `memory` if the file does not say.
std::string metric_name(const analysis::History& history);

}  // namespace mprofpp::chart
