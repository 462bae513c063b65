#pragma once

#include "python/monitoring_tool.hpp"

/// Waits for one call of a function, with hooks of its own: those of marks are not touched. A call lasts from
/// the first run of a frame until its end. A generator or a coroutine, which is suspended in between, makes
/// one call. Recursion within it and calls of other threads are not looked at. Everything here requires the
/// interpreter's lock.
namespace mprofpp::agent::objects {

/// These run in the thread that makes the call, and must not run code of the program.
struct CallListener {
  /// The call starts.
  void (*started)(const char* name);
  /// The call has ended. Its local variables are gone, unless something else refers to its frame: an
  /// exception that it has raised, for example.
  void (*ended)();
};

/// Starts to wait for the next call of a function that the pattern selects.
python::Refusal begin_call_watch(const char* pattern, const CallListener& listener);
/// Removes the hooks, whether a call came or not.
void end_call_watch();

}  // namespace mprofpp::agent::objects
