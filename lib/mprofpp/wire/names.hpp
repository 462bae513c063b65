#pragma once

/// Names that the recorder and the agent share.
namespace mprofpp::wire {

// Environment variables of a recorded program.

/// The folder of this run. Empty if there is no folder for marks: Python programs then get a
/// `profile` that does nothing.
inline constexpr char run_variable[] = "MPROFPP_RUN";
inline constexpr char agent_variable[] = "MPROFPP_AGENT";  ///< the agent, as LD_PRELOAD names it
/// If set, no reading is used for two marks.
inline constexpr char exact_variable[] = "MPROFPP_EXACT";
/// Nanoseconds: shorter calls may be reported together when there are many. If it is not set, every
/// call is reported on its own.
inline constexpr char shortest_variable[] = "MPROFPP_SHORTEST";
/// Shell patterns, one per line, for the module.qualname of the Python functions that are to be
/// marked, and of those that are not.
inline constexpr char trace_variable[] = "MPROFPP_TRACE";
inline constexpr char no_trace_variable[] = "MPROFPP_NO_TRACE";
/// Set if the memory that the lines of Python functions add is to be counted: of functions that are
/// decorated with `profile` and of those of lines_of_variable. The value is one or more of the words
/// below, separated by commas.
inline constexpr char lines_variable[] = "MPROFPP_LINES";
/// Each line has a memory reading of its own.
inline constexpr char exact_word[] = "exact";
/// A line may use a memory reading that is younger than 10 µs.
inline constexpr char reuse_word[] = "reuse";
/// Also measure the largest memory within each line.
inline constexpr char peaks_word[] = "peaks";
/// memory_profiler's `profile` is replaced by ours even if memory_profiler is installed.
inline constexpr char replace_word[] = "replace";
/// Shell patterns, one per line, for the functions whose lines are to be counted.
inline constexpr char lines_of_variable[] = "MPROFPP_LINES_OF";
/// Set if the recorder itself is in a sandbox: its number of seccomp filters. A program that has
/// more of them has been sandboxed since.
inline constexpr char filters_variable[] = "MPROFPP_FILTERS";
/// Set if the user has allowed code to be run in the program from outside.
inline constexpr char console_variable[] = "MPROFPP_CONSOLE";
/// Set by `mprofpp span` for the spans within it: pid and start time of the process whose lane it
/// is in, and the call, as numbers separated by dots.
inline constexpr char span_variable[] = "MPROFPP_SPAN";

// Files in the folder of a run. A ring is called <pid>.<begun>.<segment>.ring; while it is being made
// it has another suffix, so that it appears complete when it is renamed.

/// FIFO: a zero byte means that some ring is half full; text up to a newline is a note (see below).
inline constexpr char bell_name[] = "bell";
/// An empty file for each process that the recorder was asked to record; <pid>-<start> follows.
/// Marks find the folder by it.
inline constexpr char recorded_note[] = "records-";
inline constexpr char run_folder_prefix[] = "mprofpp-run-";
/// FIFO: processes write an ExitRecord into it when they exit.
inline constexpr char exits_name[] = "exits";
inline constexpr char ring_suffix[] = ".ring";
/// Ends the name of a process's line tables, <pid>.<begun>.lines, made under unfinished_suffix like a ring.
inline constexpr char line_table_suffix[] = ".lines";
inline constexpr char unfinished_suffix[] = ".new";

// Notes, which are empty files in the folder: they explain to the recorder why there are no marks,
// and need no ring. If an agent cannot create the file, it sends the name through the bell.

inline constexpr char no_ring_note[] = "no-ring.";     ///< no ring could be made; errno follows
inline constexpr char decorated_note[] = "decorated";  ///< Python's `profile` watches calls
/// Python's `profile` was applied to something that it cannot watch.
inline constexpr char undecorable_note[] = "undecorable";
/// The agent does not know this Python.
inline constexpr char unknown_python_note[] = "unknown-python";

// Notes of a Python whose functions are to be marked.

/// Python is free-threaded: no function is marked.
inline constexpr char free_threaded_note[] = "free-threaded";
/// Other tools use all of sys.monitoring.
inline constexpr char no_tool_note[] = "no-tool";
/// Python does not report calls as it should.
inline constexpr char unfit_python_note[] = "unfit-python";
/// Copies of a decorated function could not be marked; the name of their code follows.
inline constexpr char copied_note[] = "copied.";
/// Python is newer than `newest_tested_python`; its version follows.
inline constexpr char newer_python_note[] = "newer-python-";

/// Symbolic links in the folder, for agents only. The rest of the name is a number that a Python code
/// object shares with its copies in every process. The target is one of the two bytes below and the
/// name under which calls of a function with that code are marked.
inline constexpr char code_prefix[] = "code.";
inline constexpr char own_code = '=';     ///< each function with that code has that name
inline constexpr char shared_code = '?';  ///< others have that code too and are not to be marked

/// The newest CPython whose marks the tests have compared with those of all others; 311 is 3.11.
inline constexpr int newest_tested_python = 315;

}  // namespace mprofpp::wire
