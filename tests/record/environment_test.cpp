#include "mprofpp/record/marks/environment.hpp"

#include <doctest/doctest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "mprofpp/proc/files.hpp"
#include "mprofpp/wire/names.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace std::chrono_literals;
using launch::Environment;
using record::add_agent;
using record::MarkOptions;
using test::TemporaryFolder;

namespace {

constexpr auto agent = "/opt/lib/agent.so";

MarkOptions options_of(const std::string& path = agent) {
  MarkOptions options;
  options.agent = path;
  return options;
}

ring::RunFolder run_folder_in(const std::string& place) {
  auto folder = ring::RunFolder::make({place});
  REQUIRE(folder.has_value());
  return std::move(*folder);
}

std::optional<std::string> value_in(const Environment& environment, std::string_view name) {
  for (const auto& entry : environment.entries()) {
    if (entry.starts_with(std::string(name) + "=")) return entry.substr(name.size() + 1);
  }
  return std::nullopt;
}

/// Returns the variable after the agent was added to an environment that was empty.
std::optional<std::string> value_with(const MarkOptions& options, std::string_view name) {
  Environment environment;
  CHECK(add_agent(environment, options, nullptr).has_value());
  return value_in(environment, name);
}

/// Gives this process one more seccomp filter, which permits every system call.
bool add_seccomp_filter() {
  sock_filter permit = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  const sock_fprog program{1, &permit};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace

TEST_CASE("the agent is preloaded after other libraries, and is given the folder of the run") {
  const TemporaryFolder place;
  const auto folder = run_folder_in(place.path());
  Environment environment({"LD_PRELOAD=/lib/other.so", "LANG=C"});
  REQUIRE(add_agent(environment, options_of(), &folder).has_value());
  CHECK(value_in(environment, "LD_PRELOAD") == "/lib/other.so:/opt/lib/agent.so");
  CHECK(value_in(environment, wire::agent_variable) == agent);
  CHECK(value_in(environment, wire::run_variable) == folder.path());
  CHECK(value_in(environment, "LANG") == "C");
}

TEST_CASE("AddressSanitizer's own options stay when its check of preloaded libraries is disabled") {
  Environment environment({"ASAN_OPTIONS=detect_leaks=0"});
  REQUIRE(add_agent(environment, options_of(), nullptr).has_value());
  CHECK(value_in(environment, "ASAN_OPTIONS") == "detect_leaks=0:verify_asan_link_order=0");
}

TEST_CASE("without a folder the agent is loaded all the same") {
  CHECK(value_with(options_of(), "LD_PRELOAD") == agent);
  CHECK(value_with(options_of(), wire::run_variable) == "");
}

TEST_CASE(
    "an agent whose path cannot be preloaded is preloaded through a link in the run's folder") {
  const TemporaryFolder place;
  const auto folder = run_folder_in(place.path());
  for (const std::string path : {"/my lib/agent.so", "/a:b/agent.so", "/$ORIGIN/agent.so"}) {
    CAPTURE(path);
    const auto link = folder.path_of("agent.so");
    std::filesystem::remove(link);
    Environment environment;
    REQUIRE(add_agent(environment, options_of(path), &folder).has_value());
    CHECK(value_in(environment, "LD_PRELOAD") == link);
    CHECK(value_in(environment, wire::agent_variable) == link);
    CHECK(std::filesystem::read_symlink(link) == path);
  }
}

TEST_CASE(
    "if neither the agent nor a link to it can be preloaded, the environment does not change") {
  const auto refused_with = [](const ring::RunFolder* folder) {
    Environment environment({"LANG=C"});
    const auto added = add_agent(environment, options_of("/my lib/agent.so"), folder);
    CHECK(environment.entries() == std::vector<std::string>{"LANG=C"});
    return !added && added.error().code == Errc::unsupported;
  };
  const TemporaryFolder place;
  std::filesystem::create_directory(place / "with space");
  const auto folder = run_folder_in(place / "with space");
  CHECK(refused_with(&folder));
  CHECK(refused_with(nullptr));
}

TEST_CASE("the settings of an outer recorder do not reach the program") {
  auto options = options_of();
  options.grouping.shortest = std::nullopt;
  Environment environment;
  const auto own = {wire::run_variable,      wire::agent_variable, wire::exact_variable,
                    wire::shortest_variable, wire::trace_variable, wire::no_trace_variable};
  for (const auto* name : own) environment.set(name, "outer");
  REQUIRE(add_agent(environment, options, nullptr).has_value());
  for (const auto* name : own) {
    CAPTURE(name);
    CHECK(value_in(environment, name) != "outer");
  }
}

TEST_CASE("readings are reused unless exact ones are requested") {
  auto options = options_of();
  CHECK(value_with(options, wire::exact_variable) == std::nullopt);
  options.readings = record::MarkReadings::exact;
  CHECK(value_with(options, wire::exact_variable) == "1");
}

TEST_CASE(
    "a process is given the length of short calls, and longer calls than it can count are not short") {
  auto options = options_of();
  options.grouping.shortest = 2ms;
  CHECK(value_with(options, wire::shortest_variable) == "2000000");
  options.grouping.shortest = 2 * mark::longest_summed;
  CHECK(value_with(options, wire::shortest_variable) ==
        std::to_string(mark::longest_summed.count()));
  options.grouping.shortest = std::nullopt;
  CHECK(value_with(options, wire::shortest_variable) == std::nullopt);
}

TEST_CASE("each pattern is on a line of its own") {
  auto options = options_of();
  CHECK(value_with(options, wire::trace_variable) == std::nullopt);
  CHECK(value_with(options, wire::no_trace_variable) == std::nullopt);
  options.selection = Selection({"app.*", "lib.load"}, {"app.tick"});
  CHECK(value_with(options, wire::trace_variable) == "app.*\nlib.load\n");
  CHECK(value_with(options, wire::no_trace_variable) == "app.tick\n");
}

TEST_CASE("a recorder in a sandbox passes on the number of its seccomp filters") {
  enum Status { is_passed_on, is_wrong, is_unknown };
  const pid_t pid = ::fork();
  if (pid == 0) {
    const auto filters = [] { return proc::read_status(::getpid())->seccomp_filters; };
    const auto before = filters();
    if (!add_seccomp_filter() || filters() != before + 1) ::_exit(is_unknown);
    Environment environment;
    const bool is_added = add_agent(environment, options_of(), nullptr).has_value();
    const auto passed_on = value_in(environment, wire::filters_variable);
    ::_exit(is_added && passed_on == std::to_string(before + 1) ? is_passed_on : is_wrong);
  }
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == is_unknown) {
    MESSAGE("SKIP: the number of seccomp filters is unknown (before Linux 5.9, or in a sandbox)");
    return;
  }
  CHECK(WEXITSTATUS(status) == is_passed_on);
}

TEST_CASE("the program learns whether lines are counted, how, and of which functions") {
  auto options = options_of();
  CHECK_FALSE(value_with(options, wire::lines_variable).has_value());
  options.lines.emplace();
  CHECK(value_with(options, wire::lines_variable) == "exact");
  CHECK_FALSE(value_with(options, wire::lines_of_variable).has_value());
  options.lines->readings = record::MarkReadings::reused;
  options.lines->with_peaks = options.lines->replaces_memory_profiler = true;
  options.lines->patterns = {"app.*", "db.load"};
  CHECK(value_with(options, wire::lines_variable) == "reuse,peaks,replace");
  CHECK(value_with(options, wire::lines_of_variable) == "app.*\ndb.load\n");
}

TEST_CASE("a recorded recorder that counts no lines keeps those settings from its program") {
  Environment environment;
  environment.set(wire::lines_variable, "exact");
  environment.set(wire::lines_of_variable, "app.*\n");
  CHECK(add_agent(environment, options_of(), nullptr).has_value());
  CHECK_FALSE(value_in(environment, wire::lines_variable).has_value());
  CHECK_FALSE(value_in(environment, wire::lines_of_variable).has_value());
}
