#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/inspect/stacks.hpp"
#include "mprofpp/inspect/text_colours.hpp"

namespace mprofpp::inspect {

/// The stacks of a process, and what else is known about it.
struct ProcessStacks {
  pid_t pid = 0;
  std::string command;
  std::string folder;                   ///< its current one; empty if unknown
  std::map<pid_t, std::string> states;  ///< of its threads: "running", "waiting in poll"
  Stacks stacks;
  Duration held{};                  ///< how long Python ran nothing else
  std::optional<Duration> stopped;  ///< how long the process was stopped; nothing if it was not
};

/// Returns the path without what most readers do not need: the process's folder, and the folder of a library.
std::string_view short_path(std::string_view path, std::string_view folder);

/// Returns the text for people. Equal stacks are one paragraph.
std::string stacks_text(const ProcessStacks& process, TextColours colours);

/// Returns one JSON object on a line.
std::string stacks_json(const ProcessStacks& process);

}  // namespace mprofpp::inspect
