#include "mprofpp/record/session/session.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "mprofpp/base/file.hpp"
#include "mprofpp/launch/ended.hpp"
#include "mprofpp/store/reader.hpp"
#include "support/child.hpp"
#include "support/collector.hpp"
#include "support/paths.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using namespace std::chrono_literals;
using test::TemporaryFolder;
using Cause = NotRecorded::Cause;

namespace {

Options options_for(const std::string& path) {
  Options options;
  options.interval = 10ms;
  options.name = [path](pid_t, int) -> Result<std::string> { return path; };
  return options;
}

Options launch_of(std::vector<std::string> command, const std::string& path) {
  auto options = options_for(path);
  options.target = Launch{{std::move(command), test::stub()}, launch::read_start_state()};
  return options;
}

tl::expected<Outcome, NotRecorded> recorded(const Options& options) {
  Listener listener;
  return record::record(options, listener);
}

}  // namespace

TEST_CASE("a launched program is recorded until it exits, and its status is that of the outcome") {
  const TemporaryFolder folder;
  const auto outcome = recorded(launch_of({"sh", "-c", "exit 3"}, folder / "x.dat"));
  REQUIRE(outcome.has_value());
  CHECK(outcome->end == model::EndReason::ended);
  CHECK(outcome->status == 3);
  CHECK(outcome->path == folder / "x.dat");
  test::Collector records;
  REQUIRE(store::read(folder / "x.dat", records).has_value());
  CHECK(records.of<model::End>().front().samples == outcome->samples);
  CHECK(records.of<model::Exit>().front().status == 3);
}

TEST_CASE("other sinks get the records of the file while it is written") {
  const TemporaryFolder folder;
  test::Collector records, read;
  Listener listener;
  REQUIRE(record::record(launch_of({"true"}, folder / "x.dat"), listener, {&records}).has_value());
  REQUIRE(store::read(folder / "x.dat", read).has_value());
  CHECK(records.of<model::Sample>().size() == read.of<model::Sample>().size());
  CHECK(records.of<model::End>().size() == 1);
}

TEST_CASE("a listener gets the pid and the file of a program that has started") {
  struct Start : Listener {
    pid_t pid = 0;
    std::string path;
    void started(pid_t root, const std::string& file) override {
      pid = root;
      path = file;
    }
  };
  const TemporaryFolder folder;
  Start start;
  const auto command = "echo $$ > " + (folder / "pid");
  REQUIRE(record::record(launch_of({"sh", "-c", command}, folder / "x.dat"), start).has_value());
  CHECK(std::to_string(start.pid) + "\n" == read_file(folder / "pid").value());
  CHECK(start.path == folder / "x.dat");
  Start none;
  REQUIRE_FALSE(
      record::record(launch_of({"/no/such/program"}, folder / "y.dat"), none).has_value());
  CHECK(none.pid == 0);
}

TEST_CASE("a program that cannot be started leaves no file and no process") {
  const TemporaryFolder folder;
  const auto outcome = recorded(launch_of({"/no/such/program"}, folder / "x.dat"));
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().cause == Cause::program_not_found);
  CHECK_FALSE(std::filesystem::exists(folder / "x.dat"));
  CHECK_FALSE(launch::has_children());
}

TEST_CASE("a program is not started if its recording cannot be written") {
  const TemporaryFolder folder;
  const auto taken = folder.write("x.dat", "precious");
  const auto outcome = recorded(launch_of({"touch", folder / "started"}, taken));
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().cause == Cause::file);
  CHECK(outcome.error().error.code == Errc::exists);
  CHECK_FALSE(std::filesystem::exists(folder / "started"));
  CHECK(read_file(taken).value() == "precious");
  CHECK_FALSE(launch::has_children());
}

TEST_CASE("a name that is taken is tried again with the next number") {
  const TemporaryFolder folder;
  folder.write("0.dat", "");
  auto options = launch_of({"true"}, "");
  options.name = [&](pid_t, int attempt) -> Result<std::string> {
    return folder / (std::to_string(attempt) + ".dat");
  };
  options.name_attempts = 2;
  const auto outcome = recorded(options);
  REQUIRE(outcome.has_value());
  CHECK(outcome->path == folder / "1.dat");
}

TEST_CASE("the program's tree is recorded to its last process if that was requested") {
  const TemporaryFolder folder;
  // the child writes after the root has exited
  const std::string script = "(while kill -0 $$ 2>/dev/null; do :; done; echo late >late) & exit 0";
  auto options = launch_of({"sh", "-c", "cd " + folder.path() + "; " + script}, folder / "x.dat");
  options.until = Until::tree_ends;
  options.children = Children::summed;
  const auto outcome = recorded(options);
  REQUIRE(outcome.has_value());
  CHECK(outcome->survivors.empty());
  CHECK(read_file(folder / "late").value() == "late\n");
}

TEST_CASE("a timeout ends the recording and leaves the processes alone") {
  const TemporaryFolder folder;
  const test::Child child;
  auto options = options_for(folder / "x.dat");
  options.target = Attach{{child.pid()}};
  options.timeout = 30ms;
  const auto outcome = recorded(options);
  REQUIRE(outcome.has_value());
  CHECK(outcome->end == model::EndReason::timed_out);
  CHECK(outcome->samples > 0);
  CHECK(::kill(child.pid(), 0) == 0);
}

TEST_CASE("a process that does not exist cannot be attached to") {
  const TemporaryFolder folder;
  auto options = options_for(folder / "x.dat");
  options.target = Attach{{1 << 22}};
  const auto outcome = recorded(options);
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().cause == Cause::recorder);
  CHECK_FALSE(std::filesystem::exists(folder / "x.dat"));
}
