#pragma once

#include "python/code.hpp"
#include "python/monitoring_tool.hpp"

/// The ways in which the agent notices that marked code runs.
namespace mprofpp::agent::python {

enum class Way {
  undecided,   ///< listen() was not called yet
  none,        ///< this interpreter gets no marks
  monitoring,  ///< sys.monitoring reports when marked code runs
  evaluation,  ///< a hook evaluates the frames of marked code (PEP 523)
  wrapping     ///< functions are wrapped, as code cannot be watched; --trace then finds none
};

/// Starts to listen, unless that was done before: a program without a mark must pay nothing. Returns
/// how marked code is noticed from now on. Leaves a note for the recorder if code cannot be watched.
Way listen();
/// Returns the same without starting to listen.
Way way_of_listening();
/// Stops to listen and forgets which code is marked: no hook is left. Calls that are running are not
/// reported any more.
void stop_listening();
/// Starts to listen. Returns true if marked code is noticed whichever function it belongs to.
bool watches_code();
/// Returns true if blocks and moments can be marked. Leaves a note for the recorder otherwise.
bool can_mark();

/// Makes sure that calls of that code are noticed.
void notice(Object* code, Marked& marked);

/// Returns true if calls of that code are noticed already.
bool is_noticed(Object* code);

/// Starts to use sys.monitoring, in 3.12 and later.
Refusal begin_monitoring();
/// Ends that, and forgets which code is marked.
void end_monitoring();
/// Requests the events of marked code.
void monitor(Object* code, Marked& marked);
/// Must be called when a code object that was watched is freed: another one may get its address.
void forget_jump();
/// Requests the events of a code object's single instructions, and takes the request back.
void monitor_instructions_once(Object* code);

/// Hooks the evaluation of frames, in 3.8 to 3.11 (PEP 523). Refused if frames are not as we know
/// them.
Refusal hook_evaluation();
/// Removes the hook, unless another tool has put its own over it: then ours does nothing any more.
void unhook_evaluation();

}  // namespace mprofpp::agent::python
