#pragma once

#include "python/code.hpp"

/// The functions whose lines are counted: those that are decorated with `profile` and those that the user
/// has selected by their names, in a run that counts lines at all.
namespace mprofpp::agent::python {

inline constexpr int no_precision = -1;

/// Must be called once, after read_patterns().
void prepare_lines();

/// Ends the counting and forgets all calls.
void forget_lines();

/// Counts the lines of a selected code object, and of the code of all functions that are defined in it,
/// unless those are counted by themselves. Has no effect in a run without lines.
void count_lines(Object* code, Marked& marked, int precision);

/// Notes a function that no pattern selects, so that the recorder can suggest names if the patterns of
/// lines select nothing at all.
void note_unwanted(Object* code, const char* name);

}  // namespace mprofpp::agent::python
