#pragma once

#include <string>

#include "console/console.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/report/history.hpp"
#include "options/plot_options.hpp"

namespace mprofpp::app {

/// Returns the page of a run: one HTML file, which contains everything that it needs. Prints a warning if the
/// recording is damaged. Errors have hints.
Result<std::string> html_page(const report::TimedRun& run, const PlotRequest& request,
                              const Console& console);

}  // namespace mprofpp::app
