#pragma once

/// The exit statuses of mprofpp, as `mprofpp --help` documents them.
namespace mprofpp::app::exit_status {

inline constexpr int success = 0;
inline constexpr int failure = 1;  ///< the command could not do its work
inline constexpr int usage = 2;    ///< wrong usage
// 130 is what a shell reports for a process that SIGINT has terminated

// `leak` and `loadtest` return their verdict, and `usage` for every trouble, as grep and diff do.
inline constexpr int steady = 0;
inline constexpr int leak = 1;
inline constexpr int not_enough_to_tell = 3;

// `console` returns whether the code that it was given raised an exception.
inline constexpr int raised = 1;
inline constexpr int not_run = 3;      ///< the program was busy, or refused the code
inline constexpr int not_reached = 4;  ///< there is no such process, or it cannot be entered
inline constexpr int interrupted = 130;

// `run` returns the status of the program (128 + n after signal n). For its own failures it uses
// numbers that programs rarely return: those of timeout(1), env(1) and the shell.
inline constexpr int timed_out = 124;        ///< --timeout ended the recording
inline constexpr int recorder_failed = 125;  ///< mprofpp itself failed, or its usage was wrong
inline constexpr int not_executable = 126;   ///< the program cannot be executed
inline constexpr int not_found = 127;        ///< the program does not exist

}  // namespace mprofpp::app::exit_status
