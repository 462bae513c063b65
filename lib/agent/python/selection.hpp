#pragma once

namespace mprofpp::agent::python {

/// Reads the patterns by which the user has selected functions: shell patterns on module.qualname.
void read_patterns();
/// Returns true if there are patterns of functions to mark.
bool is_tracing();
/// Returns true if the patterns select a function of that name.
bool is_wanted(const char* name);
/// Returns true if there are patterns of functions whose lines are to be counted.
bool is_looking_for_lines();
/// Returns true if those patterns select a function of that name. Its calls are marked too.
bool are_lines_wanted(const char* name);

}  // namespace mprofpp::agent::python
