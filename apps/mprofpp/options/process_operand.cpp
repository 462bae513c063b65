#include "options/process_operand.hpp"

#include <unistd.h>

#include "mprofpp/base/text.hpp"

namespace mprofpp::app {

Result<std::vector<proc::Candidate>> find_processes(const std::string& operand) {
  const auto pid = parse_integer<pid_t>(operand);
  return pid ? proc::find_by_pid(*pid) : proc::find_by_name(operand);
}

void report_unclear(const std::string& operand, const std::vector<proc::Candidate>& found,
                    const std::string& hint, const Console& console) {
  if (found.empty()) {
    console.report({Errc::not_found, operand, "no such process",
                    proc::are_others_hidden()
                        ? "/proc hides processes of other users here (hidepid); root sees them"
                        : hint});
    return;
  }
  console.report({Errc::invalid_argument, operand,
                  "matches " + std::to_string(found.size()) + " processes",
                  "give the pid of one or of several"});
  for (const auto& candidate : found) {
    console.note("  " + std::to_string(candidate.pid) + "  " + visible(candidate.command));
  }
}

std::optional<proc::Candidate> find_process(const std::string& operand, const Console& console) {
  const auto found = find_processes(operand);
  if (!found) {
    console.report(found.error());
    return std::nullopt;
  }
  if (found->size() != 1) {
    report_unclear(operand, *found, "ps -e lists the processes", console);
    return std::nullopt;
  }
  if (found->front().pid == ::getpid()) {
    console.report({Errc::invalid_argument, operand, "is mprofpp itself"});
    return std::nullopt;
  }
  return found->front();
}

}  // namespace mprofpp::app
