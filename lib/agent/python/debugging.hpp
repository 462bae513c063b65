#pragma once

namespace mprofpp::agent::python {

/// Must be called when the program is about to set or remove its trace function, as pdb does when it
/// starts. Requires that sys.monitoring is used.
void prepare_for_tracer();

}  // namespace mprofpp::agent::python
