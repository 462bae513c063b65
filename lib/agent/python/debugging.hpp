#pragma once

namespace mprofpp::agent::python {

/// The program is about to set or remove its trace function, as pdb does when it starts. With
/// sys.monitoring.
void prepare_for_tracer();

}  // namespace mprofpp::agent::python
