#include "mprofpp/record/mark_inlet.hpp"

#include <utility>

#include "mprofpp/base/log.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/record/agent_file.hpp"
#include "mprofpp/record/marked_environment.hpp"

namespace mprofpp::record {
namespace {

using python::Unavailable;
using Part = Unavailable::Part;

Result<MarkInlet> open_inlet(const MarkOptions& options) {
  auto folder = mark::RunFolder::make(options.places);
  if (!folder) return Failure(std::move(folder.error()));
  auto rings = mark::NewRings::watch(folder->path());
  if (!rings) return Failure(std::move(rings.error()));
  return MarkInlet{std::move(*folder), std::move(*rings)};
}

MarkAccess refused(Part part, Error error) {
  log::info("no marks: " + error.place + ": " + error.what);
  return {std::nullopt, Unavailable{part, std::move(error)}};
}

}  // namespace

MarkAccess open_mark_inlet(const std::optional<MarkOptions>& options,
                           launch::Environment& environment) {
  if (!options) return {};
  // the linker would complain in every process
  if (auto checked = check_agent(options->agent); !checked) {
    return refused(Part::agent, std::move(checked.error()));
  }
  auto inlet = open_inlet(*options);
  auto added = add_agent(environment, *options, inlet ? &inlet->folder : nullptr);
  if (!added) return refused(Part::agent, std::move(added.error()));
  if (!inlet) return refused(Part::folder, std::move(inlet.error()));
  return {std::move(*inlet), std::nullopt};
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
