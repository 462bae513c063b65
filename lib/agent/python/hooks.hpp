#pragma once

#include "python/code.hpp"
#include "python/monitoring_tool.hpp"

/// The ways to notice that marked code runs.
namespace mprofpp::agent::python {

enum class Way {
  undecided,   ///< nobody has listened yet
  none,        ///< this interpreter gets no marks
  monitoring,  ///< of code
  evaluation,  ///< of code
  wrapping     ///< of functions, where their code cannot be watched; --trace finds none then
};

/// Begins to listen if nobody does yet: a program without a mark is to pay nothing. Answers how
/// marked code is noticed from now on. Leaves a note for the recorder where that is not by its code.
Way listen();
/// How it is now, if anybody listens.
Way way_of_listening();
/// Whether blocks and moments can be marked. Leaves a note for the recorder if not.
bool can_mark();

/// Sees to it that calls of that code are noticed.
void notice(Object* code, Marked& marked);

/// 3.12 and later: sys.monitoring.
Refusal begin_monitoring();
void monitor(Object* code, Marked& marked);
/// Asks for its single instructions and no more.
void monitor_instructions_once(Object* code);

/// 3.8 to 3.11: PEP 523. Refused when frames are not as we know them.
Refusal hook_evaluation();

}  // namespace mprofpp::agent::python
