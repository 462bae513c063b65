#pragma once

#include "python/monitoring_tool.hpp"

namespace mprofpp::agent::python {

/// For interpreters that mprofpp was never tested with: runs a few small functions and compares the
/// events that sys.monitoring reports of them with those that it has to. Leaves the tool without
/// events.
bool reports_as_expected(MonitoringTool& tool);

}  // namespace mprofpp::agent::python
