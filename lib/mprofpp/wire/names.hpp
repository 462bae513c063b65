#pragma once

/// What recorder and agent call things.
namespace mprofpp::wire {

/// Environment variables of a recorded program.
/// The folder of this run. Empty where there is none to leave marks in: programs of Python then have
/// a `profile` that does nothing.
inline constexpr char run_variable[] = "MPROFPP_RUN";
inline constexpr char agent_variable[] = "MPROFPP_AGENT";  ///< the agent, as LD_PRELOAD names it
inline constexpr char exact_variable[] = "MPROFPP_EXACT";  ///< there: no reading is used twice
/// Nanoseconds: calls that are shorter may be told together when there are many. Without it all are
/// told one by one.
inline constexpr char shortest_variable[] = "MPROFPP_SHORTEST";
/// Shell patterns, one a line, on module.qualname: functions of Python to be marked, and not to be.
inline constexpr char trace_variable[] = "MPROFPP_TRACE";
inline constexpr char no_trace_variable[] = "MPROFPP_NO_TRACE";
/// What `mprofpp span` hands on to the spans within: pid and start time of the process whose lane
/// it is in, and the call; numbers parted by dots.
inline constexpr char span_variable[] = "MPROFPP_SPAN";

/// In the folder of a run. A ring is called <pid>.<begun>.<segment>.ring; while it is made it has
/// another suffix and a rename shows it whole.
/// FIFO: a zero byte means that some ring is half full, text up to a newline is a note (see below).
inline constexpr char bell_name[] = "bell";
inline constexpr char ring_suffix[] = ".ring";
inline constexpr char unfinished_suffix[] = ".new";

/// Empty files there: what an agent has to say without a ring, for when no mark comes at all. Where
/// it cannot make one, it says the same through the bell.
inline constexpr char no_ring_note[] = "no-ring.";         ///< none could be made; errno is added
inline constexpr char decorated_note[] = "decorated";      ///< Python's `profile` watches calls
inline constexpr char undecorable_note[] = "undecorable";  ///< it was given what it cannot watch
inline constexpr char unknown_python_note[] = "unknown-python";  ///< none that the agent knows
/// Python's functions were to be marked, and ...
inline constexpr char free_threaded_note[] = "free-threaded";  ///< it has no lock: none are
inline constexpr char no_tool_note[] = "no-tool";  ///< others use all of its sys.monitoring
inline constexpr char unfit_python_note[] =
    "unfit-python";  ///< it does not report calls as it should
inline constexpr char newer_python_note[] = "newer-python-";  ///< it is newer; its version follows

/// The newest CPython whose marks the tests have compared with those of all others: 3.11 is 311.
inline constexpr int newest_tested_python = 315;

}  // namespace mprofpp::wire
