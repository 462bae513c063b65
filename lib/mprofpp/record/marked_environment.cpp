#include "mprofpp/record/marked_environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "mprofpp/wire/names.hpp"

namespace mprofpp::record {
namespace {

constexpr char link_name[] = "agent.so";

/// The linker takes blanks and colons for the end of a path, and replaces $ORIGIN and the like.
bool can_be_preloaded(const std::string& path) {
  return path.find_first_of(" \t\n:;$") == std::string::npos;
}

Result<std::string> preloadable(const std::string& agent, const mark::RunFolder* folder) {
  if (can_be_preloaded(agent)) return agent;
  auto link = folder == nullptr ? agent : folder->path_of(link_name);
  if (!can_be_preloaded(link)) {
    return fail(Errc::unsupported, link, "has a space, a colon or a dollar in its path",
                "install mprofpp where there is none");
  }
  if (::symlink(agent.c_str(), link.c_str()) != 0) return fail_errno(errno, link, "cannot make");
  return link;
}

std::string lines(const std::vector<std::string>& patterns) {
  std::string text;
  for (const auto& pattern : patterns) text += pattern + '\n';
  return text;
}

}  // namespace

Result<void> add_agent(launch::Environment& environment, const MarkOptions& options,
                       const mark::RunFolder* folder) {
  const auto agent = preloadable(options.agent, folder);
  if (!agent) return Failure(agent.error());
  environment.append("LD_PRELOAD", *agent);
  // gcc's sanitizer refuses to start behind any preloaded library unless it is told not to look
  environment.append("ASAN_OPTIONS", "verify_asan_link_order=0");
  environment.set(wire::run_variable, folder == nullptr ? "" : folder->path());
  environment.set(wire::agent_variable, *agent);
  // a recorder that is recorded itself has passed on its own
  for (const auto* own : {wire::exact_variable, wire::shortest_variable, wire::trace_variable,
                          wire::no_trace_variable}) {
    environment.remove(own);
  }
  if (options.readings == MarkReadings::exact) environment.set(wire::exact_variable, "1");
  if (const auto shortest = options.grouping.shortest) {
    const auto told = std::min(*shortest, mark::longest_summed);
    environment.set(wire::shortest_variable, std::to_string(told.count()));
  }
  const auto& selection = options.selection;
  if (!selection.wanted().empty()) environment.set(wire::trace_variable, lines(selection.wanted()));
  if (!selection.unwanted().empty()) {
    environment.set(wire::no_trace_variable, lines(selection.unwanted()));
  }
  return {};
}

}  // namespace mprofpp::record
