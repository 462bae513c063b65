#pragma once

/// The exit statuses of mprofpp, as `mprofpp --help` documents them.
namespace mprofpp::app::exit_status {

inline constexpr int success = 0;
inline constexpr int failure = 1;  ///< what was asked for could not be done
inline constexpr int usage = 2;    ///< the command line makes no sense
// 130, interrupted, is what a shell makes of SIGINT: nothing here keeps it from ending us

// `run` returns the program's own status (128 + n after signal n), so its own failures are where no
// program's are; the numbers are those of timeout(1), env(1) and the shell.
inline constexpr int timed_out = 124;        ///< --timeout ended the recording
inline constexpr int recorder_failed = 125;  ///< mprofpp itself failed, usage included
inline constexpr int not_executable = 126;
inline constexpr int not_found = 127;

}  // namespace mprofpp::app::exit_status
