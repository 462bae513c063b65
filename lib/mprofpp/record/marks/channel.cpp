#include "mprofpp/record/marks/channel.hpp"

#include <utility>

#include "mprofpp/base/log.hpp"
#include "mprofpp/proc/files.hpp"
#include "mprofpp/record/marks/agent_file.hpp"
#include "mprofpp/record/marks/environment.hpp"

namespace mprofpp::record {
namespace {

using python::Unavailable;
using Part = Unavailable::Part;

Result<MarkChannel> open_channel(const MarkOptions& options) {
  auto folder = ring::RunFolder::make(options.places);
  if (!folder) return Failure(std::move(folder.error()));
  auto rings = ring::NewRings::watch(folder->path());
  if (!rings) return Failure(std::move(rings.error()));
  return MarkChannel{std::move(*folder), std::move(*rings)};
}

MarkAccess refused(Part part, Error error) {
  log::info("no marks: " + error.place + ": " + error.what);
  return {std::nullopt, Unavailable{part, std::move(error)}};
}

}  // namespace

MarkAccess open_mark_channel(const std::optional<MarkOptions>& options,
                             launch::Environment& environment) {
  if (!options) return {};
  // otherwise the dynamic linker would complain in every process
  if (auto checked = check_agent(options->agent); !checked) {
    return refused(Part::agent, std::move(checked.error()));
  }
  auto channel = open_channel(*options);
  auto added = add_agent(environment, *options, channel ? &channel->folder : nullptr);
  if (!added) return refused(Part::agent, std::move(added.error()));
  if (!channel) return refused(Part::folder, std::move(channel.error()));
  return {std::move(*channel), std::nullopt};
}

MarkAccess open_mark_channel(const std::optional<MarkOptions>& options,
                             const std::vector<pid_t>& attached) {
  if (!options) return {};
  auto channel = open_channel(*options);
  if (!channel) return refused(Part::folder, std::move(channel.error()));
  for (const pid_t pid : attached) {
    if (const auto stat = proc::read_stat(pid)) channel->folder.announce({pid, stat->start});
  }
  return {std::move(*channel), std::nullopt};
}

void add_mark_settings(const MarkOptions& options, model::Settings& settings) {
  const auto& shortest = options.grouping.shortest;
  settings.exact_readings = options.readings == MarkReadings::exact;
  settings.lists_all_calls = !shortest;
  if (shortest && shortest != mark::GroupingRule{}.shortest)
    settings.shortest_listed_call = shortest;
  settings.traced = options.selection.wanted();
  settings.untraced = options.selection.unwanted();
  if (!options.lines) return;
  settings.lines = {options.lines->readings == MarkReadings::reused, options.lines->with_peaks};
  settings.lines_of = options.lines->patterns;
}

}  // namespace mprofpp::record
