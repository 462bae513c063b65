#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/analysis/object_growth.hpp"
#include "mprofpp/analysis/window.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/report/recording.hpp"

namespace mprofpp::report {

/// How the objects of a recording have grown.
struct ObjectReport {
  std::vector<analysis::ProcessGrowth> processes;  ///< in the order of their first censuses
  bool has_objects = false;  ///< the recording has censuses, perhaps outside of the window
  std::uint64_t lost = 0;    ///< censuses in the window that could not be taken
  Instant start;             ///< of the recording
  std::uint64_t damaged_lines = 0;
  std::optional<model::Damage> first_damage;
};

/// Compares the objects at the two ends of a window; of one process only if a pid is given. Fails as read()
/// does.
Result<ObjectReport> read_objects(const RecordedRun& run, const analysis::Window& window,
                                  std::optional<pid_t> pid);

/// Returns what the table of a process does not show: which process, and between which censuses:
/// "process 4711 gunicorn, from 30 s to 5 min 10 s, 10 censuses".
std::string growth_heading(const analysis::ProcessGrowth& growth, const ObjectReport& report);

/// Formats the growth of one process as one line of JSON. Fields are added but never removed; `schema`
/// increases when the meaning of a field changes.
std::string growth_json(const RecordedRun& run, const analysis::ProcessGrowth& growth,
                        const ObjectReport& report);

/// Formats the growth of one process as a table of Markdown, with `rows` rows at most; 0 means all.
std::string growth_markdown(const RecordedRun& run, const analysis::ProcessGrowth& growth,
                            const ObjectReport& report, std::size_t rows);

}  // namespace mprofpp::report
