#include "mprofpp/record/marks/channel.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "mprofpp/proc/files.hpp"
#include "mprofpp/ring/run_search.hpp"
#include "record/agent_library.hpp"
#include "record/rings.hpp"
#include "support/child.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;
using launch::Environment;
using test::TemporaryFolder;
using Part = python::Unavailable::Part;

namespace {

bool has(const Environment& environment, const std::string& entry) {
  const auto& entries = environment.entries();
  return std::find(entries.begin(), entries.end(), entry) != entries.end();
}

/// Returns the options of a run with an agent in `place`, whose folder can be created there.
MarkOptions options_in(const TemporaryFolder& place) {
  MarkOptions options;
  options.agent = place.write("agent.so", test::agent_library());
  options.places = {place.path()};
  return options;
}

}  // namespace

TEST_CASE("no channel is opened if no marks are requested") {
  Environment environment({"LANG=C"});
  for (const auto& access : {open_mark_channel(std::nullopt, environment),
                             open_mark_channel(std::nullopt, std::vector<pid_t>{1})}) {
    CHECK_FALSE(access.channel.has_value());
    CHECK_FALSE(access.refusal.has_value());
  }
  CHECK(environment.entries() == std::vector<std::string>{"LANG=C"});
}

TEST_CASE("the program's environment leads to the channel") {
  const TemporaryFolder place;
  const auto options = options_in(place);
  Environment environment;
  auto access = open_mark_channel(options, environment);
  CHECK_FALSE(access.refusal.has_value());
  REQUIRE(access.channel.has_value());
  const auto path = access.channel->folder.path();
  CHECK(std::filesystem::is_directory(path));
  CHECK(has(environment, "LD_PRELOAD=" + options.agent));
  CHECK(has(environment, std::string(wire::run_variable) + "=" + path));

  const test::MarkingProgram program(path, {42, 1});
  CHECK(access.channel->rings.find() == std::vector<std::string>{program.path()});
}

TEST_CASE("an agent that cannot be loaded is not loaded") {
  const TemporaryFolder place;
  auto options = options_in(place);
  options.agent = place / "missing.so";
  Environment environment;
  const auto access = open_mark_channel(options, environment);
  CHECK_FALSE(access.channel.has_value());
  REQUIRE(access.refusal.has_value());
  CHECK(access.refusal->part == Part::agent);
  CHECK(access.refusal->error.code == Errc::not_found);
  CHECK(environment.entries().empty());
}

TEST_CASE("without a place for the folder the agent is loaded, and the reason is known") {
  const TemporaryFolder place;
  auto options = options_in(place);
  options.places = {place / "missing"};
  Environment environment;
  const auto access = open_mark_channel(options, environment);
  CHECK_FALSE(access.channel.has_value());
  REQUIRE(access.refusal.has_value());
  CHECK(access.refusal->part == Part::folder);
  CHECK(access.refusal->error.place == place / "missing");
  CHECK(has(environment, "LD_PRELOAD=" + options.agent));
  CHECK(has(environment, std::string(wire::run_variable) + "="));
}

TEST_CASE("an agent that can be preloaded neither by its path nor through a link is refused") {
  const TemporaryFolder place;
  std::filesystem::create_directory(place / "with space");
  auto options = options_in(place);
  options.agent = place.write("with space/agent.so", test::agent_library());
  options.places = {place / "with space"};
  Environment environment;
  const auto access = open_mark_channel(options, environment);
  CHECK_FALSE(access.channel.has_value());
  REQUIRE(access.refusal.has_value());
  CHECK(access.refusal->part == Part::agent);
  CHECK(environment.entries().empty());
}

TEST_CASE("a channel for running processes needs no agent, and marks about them find it") {
  const TemporaryFolder place;
  auto options = options_in(place);
  options.agent = place / "missing.so";
  const test::Child first;
  const test::Child second;
  const auto folder_of = [&](pid_t pid) {
    return ring::find_run_folder({place.path()}, {pid, proc::read_stat(pid)->start});
  };
  const auto access = open_mark_channel(options, {first.pid(), test::pid_of_none, second.pid()});
  CHECK_FALSE(access.refusal.has_value());
  REQUIRE(access.channel.has_value());
  CHECK(folder_of(first.pid()) == access.channel->folder.path());
  CHECK(folder_of(second.pid()) == access.channel->folder.path());
  CHECK(folder_of(::getpid()) == std::nullopt);
}

TEST_CASE("without a place for the folder running processes are recorded without marks") {
  const TemporaryFolder place;
  auto options = options_in(place);
  options.places = {place / "missing"};
  const auto access = open_mark_channel(options, std::vector<pid_t>{::getpid()});
  CHECK_FALSE(access.channel.has_value());
  REQUIRE(access.refusal.has_value());
  CHECK(access.refusal->part == Part::folder);
}

TEST_CASE("default settings of marks are not in the header") {
  model::Settings settings;
  add_mark_settings({}, settings);
  CHECK(settings == model::Settings{});
}

TEST_CASE("other settings of marks are in the header") {
  MarkOptions options;
  options.readings = MarkReadings::exact;
  options.selection = Selection({"app.*"}, {"app.tick"});
  options.grouping.shortest = 5ms;
  model::Settings settings;
  add_mark_settings(options, settings);
  CHECK(settings.exact_readings);
  CHECK(settings.traced == std::vector<std::string>{"app.*"});
  CHECK(settings.untraced == std::vector<std::string>{"app.tick"});
  CHECK(settings.shortest_listed_call == 5ms);
  CHECK_FALSE(settings.lists_all_calls);

  options.grouping.shortest = std::nullopt;
  model::Settings of_each_call;
  add_mark_settings(options, of_each_call);
  CHECK(of_each_call.lists_all_calls);
  CHECK_FALSE(of_each_call.shortest_listed_call.has_value());
}

TEST_CASE("the header shows how lines were counted") {
  MarkOptions options;
  options.lines.emplace().patterns = {"app.load"};
  options.lines->with_peaks = true;
  model::Settings settings;
  add_mark_settings(options, settings);
  REQUIRE(settings.lines.has_value());
  CHECK_FALSE(settings.lines->reused_readings);
  CHECK(settings.lines->with_peaks);
  CHECK(settings.lines_of == std::vector<std::string>{"app.load"});
}
