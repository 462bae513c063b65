#pragma once

#include "python/code.hpp"

/// The ways to notice that marked code runs.
namespace mprofpp::agent::python {

enum class Way { none, monitoring, evaluation, wrapping };

/// Begins to listen if nobody does yet: a program without a mark is to pay nothing. Answers how
/// marked code is noticed from now on.
Way listen();
/// How it is now, if anybody listens.
Way way_of_listening();

/// Sees to it that calls of that code are noticed.
void notice(Object* code, Marked& marked);

/// 3.12 and later: sys.monitoring. False when all its tools are taken.
bool begin_monitoring();
void monitor(Object* code, Marked& marked);
/// Asks for its single instructions and no more.
void monitor_instructions_once(Object* code);

/// 3.8 to 3.11: PEP 523. False when frames are not as we know them.
bool hook_evaluation();

}  // namespace mprofpp::agent::python
