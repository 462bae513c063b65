#include "mprofpp/report/detail/losses.hpp"

#include <vector>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"

namespace mprofpp::report {

std::string losses_text(const analysis::Losses& losses) {
  std::vector<std::string> parts;
  if (losses.ticks > 0) parts.push_back(counted(losses.ticks, "tick", "ticks") + " missed");
  if (losses.marks > 0) parts.push_back(counted(losses.marks, "mark", "marks") + " lost");
  if (losses.processes > 0) {
    parts.push_back("up to " + counted(losses.processes, "process", "processes") +
                    " started and exited between two samples, perhaps not yours "
                    "(a smaller -T catches more)");
  }
  if (losses.censuses > 0) {
    parts.push_back(counted(losses.censuses, "count", "counts") + " of objects failed");
  }
  const auto suspended = duration_from_seconds(losses.suspended);
  if (losses.suspended > 0 && suspended) parts.push_back("suspended for " + readable(*suspended));
  if (losses.change > 0) {
    parts.push_back("changes up to " + memory_text(losses.change) +
                    " left out: only the peaks of the whole recording are exact");
  }
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "  " : ", ") + part;
  return text.empty() ? text : text + "\n";
}

Json loss_fields(const analysis::Losses& losses) {
  Json fields;
  fields["ticks"] = losses.ticks;
  fields["marks"] = losses.marks;
  fields["processes"] = losses.processes;
  fields["censuses"] = losses.censuses;
  fields["suspended_s"] = losses.suspended;
  fields["change_mib"] = losses.change;
  return fields;
}

}  // namespace mprofpp::report
