#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mprofpp/model/process_id.hpp"

namespace mprofpp::ring {

/// Returns the name of the file that announces a process in the folder of a run.
std::string recorded_note_of(const model::ProcessId& process);

/// Finds the folder of a run, in one of `places`, whose recorder is running and has announced that process.
std::optional<std::string> find_run_folder(const std::vector<std::string>& places,
                                           const model::ProcessId& process);

}  // namespace mprofpp::ring
