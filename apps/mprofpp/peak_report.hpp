#pragma once

#include <string>

#include "mprofpp/analysis/peak.hpp"

namespace mprofpp::app {

/// How much `peak` tells. `all` adds the part of the machine's memory, the address space, and the metrics
/// that were recorded beside the main one.
enum class Detail { peaks, all };

/// The peaks of a recording as `peak` prints them: mprof's lines, `<file>\t%.3f MiB` and
/// `  Child PID\t\t\t%.3f MiB`, with ours between. The report has a sample.
std::string as_text(const std::string& file, const analysis::PeakReport& report, Detail detail);
/// The same as one line of JSON. Fields are only ever added; `schema` says when one changes meaning.
std::string as_json_line(const std::string& file, const analysis::PeakReport& report);

}  // namespace mprofpp::app
