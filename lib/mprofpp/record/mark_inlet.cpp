#include "mprofpp/record/mark_inlet.hpp"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "mprofpp/base/log.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/record/marked_environment.hpp"

namespace mprofpp::record {
namespace {

Result<MarkInlet> open(const MarkOptions& options, launch::Environment& environment) {
  // the linker would say so in every process
  if (::access(options.agent.c_str(), R_OK) != 0) {
    return fail_errno(errno, options.agent, "cannot be loaded");
  }
  auto folder = mark::RunFolder::make(options.places);
  if (!folder) return Failure(std::move(folder.error()));
  auto rings = mark::NewRings::watch(folder->path());
  if (!rings) return Failure(std::move(rings.error()));
  if (auto added = add_agent(environment, options, *folder); !added) {
    return Failure(std::move(added.error()));
  }
  return MarkInlet{std::move(*folder), std::move(*rings)};
}

}  // namespace

std::optional<MarkInlet> open_mark_inlet(const std::optional<MarkOptions>& options,
                                         launch::Environment& environment) {
  if (!options) return std::nullopt;
  auto inlet = open(*options, environment);
  if (inlet) return std::move(*inlet);
  log::warning("no marks: " + inlet.error().place + ": " + inlet.error().what);
  return std::nullopt;
}

std::vector<model::Meta> mark_settings(const MarkOptions& options) {
  const auto& grouping = options.grouping;
  std::vector<model::Meta> settings;
  if (options.readings == MarkReadings::exact) settings.push_back({"readings", {"exact"}});
  if (!grouping.shortest)
    settings.push_back({"calls", {"all"}});
  else if (grouping.shortest != mark::GroupingRule{}.shortest) {
    settings.push_back({"min_span", {fixed(to_seconds(*grouping.shortest), 6)}});
  }
  const auto& selection = options.selection;
  if (!selection.wanted().empty()) settings.push_back({"trace", selection.wanted()});
  if (!selection.unwanted().empty()) settings.push_back({"no_trace", selection.unwanted()});
  return settings;
}

}  // namespace mprofpp::record
