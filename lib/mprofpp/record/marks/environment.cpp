#include "mprofpp/record/marks/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "mprofpp/proc/files.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::record {
namespace {

constexpr char link_name[] = "agent.so";

/// The dynamic linker ends a path at spaces and colons, and replaces $ORIGIN and similar tokens.
bool can_be_preloaded(const std::string& path) {
  return path.find_first_of(" \t\n:;$") == std::string::npos;
}

Result<std::string> preloadable(const std::string& agent, const ring::RunFolder* folder) {
  if (can_be_preloaded(agent)) return agent;
  auto link = folder == nullptr ? agent : folder->path_of(link_name);
  if (!can_be_preloaded(link)) {
    return fail(Errc::unsupported, link, "has a space, a colon or a dollar sign in its path",
                "install mprofpp elsewhere");
  }
  if (::symlink(agent.c_str(), link.c_str()) != 0) return fail_errno(errno, link, "cannot make");
  return link;
}

std::string lines(const std::vector<std::string>& patterns) {
  std::string text;
  for (const auto& pattern : patterns) text += pattern + '\n';
  return text;
}

/// A variable and its value.
struct Variable {
  const char* name;
  std::string value;
};

void add_line_options(std::vector<Variable>& variables, const LineOptions& options) {
  std::string words = options.readings == MarkReadings::exact ? wire::exact_word : wire::reuse_word;
  if (options.with_peaks) words.append(",").append(wire::peaks_word);
  if (options.replaces_memory_profiler) words.append(",").append(wire::replace_word);
  variables.push_back({wire::lines_variable, words});
  if (!options.patterns.empty()) {
    variables.push_back({wire::lines_of_variable, lines(options.patterns)});
  }
}

/// Returns how many seccomp filters the recorder has, usually those of a container. The program inherits
/// them, and they permit everything that the agent does.
std::uint64_t own_seccomp_filters() {
  const auto status = proc::read_status(::getpid());
  return status ? status->seccomp_filters : 0;
}

/// Returns the variables for what the user has chosen.
std::vector<Variable> chosen(const MarkOptions& options) {
  std::vector<Variable> variables;
  if (options.readings == MarkReadings::exact) variables.push_back({wire::exact_variable, "1"});
  if (const auto shortest = options.grouping.shortest) {
    const auto longest = std::min(*shortest, mark::longest_summed);
    variables.push_back({wire::shortest_variable, std::to_string(longest.count())});
  }
  const auto& selection = options.selection;
  if (!selection.wanted().empty()) {
    variables.push_back({wire::trace_variable, lines(selection.wanted())});
  }
  if (!selection.unwanted().empty()) {
    variables.push_back({wire::no_trace_variable, lines(selection.unwanted())});
  }
  if (options.lines) add_line_options(variables, *options.lines);
  return variables;
}

}  // namespace

Result<void> add_agent(launch::Environment& environment, const MarkOptions& options,
                       const ring::RunFolder* folder) {
  const auto agent = preloadable(options.agent, folder);
  if (!agent) return Failure(agent.error());
  environment.append("LD_PRELOAD", *agent);
  // AddressSanitizer of gcc refuses to start after any preloaded library unless this check is disabled
  environment.append("ASAN_OPTIONS", "verify_asan_link_order=0");
  environment.set(wire::run_variable, folder == nullptr ? "" : folder->path());
  environment.set(wire::agent_variable, *agent);
  // if this recorder is being recorded too, its own settings must not reach the program
  for (const auto* own : {wire::exact_variable, wire::shortest_variable, wire::trace_variable,
                          wire::no_trace_variable, wire::lines_variable, wire::lines_of_variable,
                          wire::filters_variable, wire::console_variable}) {
    environment.remove(own);
  }
  if (const auto filters = own_seccomp_filters(); filters > 0) {
    environment.set(wire::filters_variable, std::to_string(filters));
  }
  if (options.console == ConsoleUse::allowed) environment.set(wire::console_variable, "1");
  for (const auto& [name, value] : chosen(options)) environment.set(name, value);
  return {};
}

std::vector<std::string> mark_variables(const MarkOptions& options, const ring::RunFolder& folder) {
  std::vector<std::string> texts = {std::string(wire::run_variable) + "=" + folder.path()};
  for (const auto& [name, value] : chosen(options))
    texts.push_back(std::string(name) + "=" + value);
  return texts;
}

}  // namespace mprofpp::record
