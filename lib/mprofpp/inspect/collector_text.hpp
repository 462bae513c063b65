#pragma once

#include <string>

#include "mprofpp/inspect/collector.hpp"
#include "mprofpp/inspect/objects_text.hpp"

namespace mprofpp::inspect {

/// Returns the text for people.
std::string collector_text(const ShownProcess& process, const CollectorState& state,
                           const TableLook& look);

/// Returns one JSON object on a line.
std::string collector_json(const ShownProcess& process, const CollectorState& state);

}  // namespace mprofpp::inspect
