#pragma once

#include <optional>
#include <vector>

#include "mprofpp/launch/environment.hpp"
#include "mprofpp/model/settings.hpp"
#include "mprofpp/python/missing_marks_reason.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/ring/new_rings.hpp"
#include "mprofpp/ring/run_folder.hpp"

namespace mprofpp::record {

/// The folder through which the marks of a run arrive.
struct MarkChannel {
  ring::RunFolder folder;
  ring::NewRings rings;
};

/// A channel, or the reason why it could not be opened: the program is recorded without marks then. Both
/// are empty if no marks are requested.
struct MarkAccess {
  std::optional<MarkChannel> channel;
  std::optional<python::Unavailable> refusal;
};

/// Opens a channel and adds the variables to the program's environment that make it report its marks.
MarkAccess open_mark_channel(const std::optional<MarkOptions>& options,
                             launch::Environment& environment);

/// Opens a channel for marks that are made in the name of running processes (`mprofpp mark -p PID`). These
/// processes make no marks themselves.
MarkAccess open_mark_channel(const std::optional<MarkOptions>& options,
                             const std::vector<pid_t>& attached);

/// Adds the settings of marks that differ from the default to the file header.
void add_mark_settings(const MarkOptions& options, model::Settings& settings);

}  // namespace mprofpp::record
