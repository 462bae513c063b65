#pragma once

#include "python/monitoring_tool.hpp"

namespace mprofpp::agent::python {

/// Checks an interpreter with which mprofpp was never tested: runs a few small functions and compares
/// the events that sys.monitoring reports with those that it should report. Leaves the tool without
/// events.
bool reports_as_expected(MonitoringTool& tool);

}  // namespace mprofpp::agent::python
