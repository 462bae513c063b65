#include "mprofpp/record/marks/missing_marks.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "mprofpp/wire/names.hpp"
#include "record/rings.hpp"
#include "record/running.hpp"
#include "support/child.hpp"
#include "support/collector.hpp"
#include "support/temporary_folder.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using python::MissingMarksReason;
using python::Obstacle;
using test::MarkingProgram;
using test::TemporaryFolder;
using Cause = MissingMarksReason::Cause;
using Request = MissingMarksReason::Request;
using Arguments = std::vector<std::string>;

namespace {

constexpr model::ProcessId process_of_none{test::pid_of_none, 5};

Subject subject_of(Arguments command) {
  return {{{test::pid_of_none}, ::getpid()}, std::move(command), Bytes{}};
}

/// A run that was launched with this command, and the patterns of functions to mark.
class Fixture {
 public:
  explicit Fixture(Arguments command, Arguments patterns = {})
      : subject_(subject_of(std::move(command))) {
    options_.marks.emplace();
    options_.marks->selection = Selection(std::move(patterns), {});
    access_.channel.emplace(test::channel_in(place_.path()));
    missing_.emplace(subject_, options_, access_);
    auto& channel = *access_.channel;
    marks.emplace(std::move(channel.folder), std::move(channel.rings), *options_.marks, clock_,
                  out_);
  }

  std::string folder() const { return marks->folder().path(); }
  void leave_note(const std::string& name) const { std::ofstream(folder() + "/" + name); }
  void find_rings() {
    marks->find_rings();
    marks->write_unseen_processes(clock_.now(), [](pid_t) { return false; });
  }
  MissingMarks& missing() { return *missing_; }
  std::optional<MissingMarksReason> explanation() { return missing_->explain(&*marks); }

 private:
  const TemporaryFolder place_;
  const Subject subject_;
  Options options_;
  MarkAccess access_;
  std::optional<MissingMarks> missing_;
  Clock clock_;
  test::Collector out_;

 public:
  std::optional<Marks> marks;
};

/// Writes a script that decorates a function, and returns the command that runs it.
Arguments python_command(const TemporaryFolder& folder) {
  return {"/no/such/python3", folder.write("app.py", "\n@profile\ndef load(): pass\n")};
}

std::string line_of_decorator(const TemporaryFolder& folder) {
  return (folder / "app.py") + ":2";
}

}  // namespace

TEST_CASE("marks that were not requested are not missing") {
  CHECK_FALSE(Fixture({"/opt/server"}).explanation().has_value());
  CHECK_FALSE(Fixture({"/no/such/python3", "/no/such/app.py"}).explanation().has_value());
}

TEST_CASE("a decorator in the launched script that had no effect is explained with its line") {
  const TemporaryFolder folder;
  Fixture fixture(python_command(folder));
  REQUIRE(fixture.explanation().has_value());
  CHECK(fixture.explanation()->cause == Cause::never_reached);
  CHECK(fixture.explanation()->place == line_of_decorator(folder));
}

TEST_CASE("a note of an agent in the folder of the run gives the cause") {
  const TemporaryFolder folder;
  Fixture fixture(python_command(folder));
  const auto cause_after = [&](const std::string& note) {
    fixture.leave_note(note);
    return fixture.explanation()->cause;
  };
  CHECK(cause_after(wire::unknown_python_note) == Cause::unknown_interpreter);
  CHECK(cause_after(wire::free_threaded_note) == Cause::free_threaded);
  CHECK(cause_after(wire::undecorable_note) == Cause::undecorable);
  CHECK(cause_after(wire::decorated_note) == Cause::never_called);
  CHECK(cause_after(std::string(wire::copied_note) + "wrapper") == Cause::copied);
  CHECK(fixture.explanation()->copied == "wrapper");
  CHECK(cause_after(std::string(wire::no_ring_note) + "28") == Cause::no_ring);
  CHECK(fixture.explanation()->error == 28);
}

TEST_CASE("a note that arrives through the bell at the end gives the cause") {
  const TemporaryFolder folder;
  Fixture fixture(python_command(folder));
  const std::string note = std::string(wire::decorated_note) + "\n";
  REQUIRE(::write(fixture.marks->bell(), note.data(), note.size()) ==
          static_cast<ssize_t>(note.size()));
  CHECK(fixture.explanation()->cause == Cause::never_called);
}

TEST_CASE("if a program has made marks, none are missing") {
  const TemporaryFolder folder;
  Fixture fixture(python_command(folder), {"app.*"});
  MarkingProgram program(fixture.folder(), process_of_none);
  program.write(test::enter(1, 1), test::leave(1, 2));
  CHECK(fixture.explanation().has_value());
  fixture.find_rings();
  CHECK_FALSE(fixture.explanation().has_value());
}

TEST_CASE("marks of another build are missing") {
  Fixture fixture({"/opt/server"});
  auto header = test::header();
  test::put(header, offsetof(wire::RingHeader, stamp), wire::stamp + 1);
  std::ofstream(fixture.folder() + "/foreign.ring", std::ios::binary) << header;
  fixture.find_rings();
  REQUIRE(fixture.explanation().has_value());
  CHECK(fixture.explanation()->cause == Cause::other_build);
}

TEST_CASE("a pattern that matched no function is explained") {
  Fixture fixture({"/opt/server"}, {"app.*"});
  REQUIRE(fixture.explanation().has_value());
  CHECK(fixture.explanation()->cause == Cause::nothing_matched);
  CHECK(fixture.explanation()->request == Request::by_pattern);
  CHECK(fixture.explanation()->place == "app.*");
  CHECK(fixture.explanation()->interpreter == "/opt/server");
  fixture.leave_note(wire::no_tool_note);
  CHECK(fixture.explanation()->cause == Cause::no_tool);
  fixture.leave_note(wire::unfit_python_note);
  CHECK(fixture.explanation()->cause == Cause::unfit_interpreter);
}

TEST_CASE("an obstacle in a process that the sampler has found is the cause") {
  const TemporaryFolder folder;
  const test::Running process(folder, "pypy3");
  const auto member = process.member();
  proc::Changes changes;
  changes.named = {&member};
  Fixture fixture({"/opt/server"}, {"app.*"});
  fixture.missing().examine(changes);
  REQUIRE(fixture.explanation().has_value());
  CHECK(fixture.explanation()->cause == Cause::obstacle);
  CHECK(fixture.explanation()->obstacle == Obstacle::pypy);
  CHECK(fixture.explanation()->interpreter == process.path());
}

TEST_CASE("programs that are not Python are examined only if patterns request marks of them") {
  const TemporaryFolder folder;
  const test::Running process(folder, "program");
  const auto member = process.member();
  proc::Changes changes;
  changes.named = {&member};
  const auto obstacle_with = [&](Arguments patterns) {
    Fixture fixture({}, std::move(patterns));
    fixture.missing().examine(changes);
    const auto why = fixture.explanation();
    return why ? std::optional(why->obstacle) : std::nullopt;
  };
  CHECK(obstacle_with({"app.*"}) == Obstacle::lost_environment);
  CHECK(obstacle_with({}) == std::nullopt);
}

TEST_CASE("the reason why there is no channel is the reason why marks are missing") {
  const auto subject = subject_of({"/opt/server"});
  Options options;
  options.marks.emplace();
  MarkAccess access;
  access.refusal = {python::Unavailable::Part::agent, {Errc::not_found, "agent.so", "is missing"}};
  const MissingMarks missing(subject, options, access);
  const auto why = missing.explain(nullptr);
  REQUIRE(why.has_value());
  CHECK(why->cause == Cause::unavailable);
  REQUIRE(why->unavailable.has_value());
  CHECK(why->unavailable->error.place == "agent.so");
}

TEST_CASE("a decorator has no effect if the user does not want marks") {
  const TemporaryFolder folder;
  const auto subject = subject_of(python_command(folder));
  const Options options;
  const MissingMarks missing(subject, options, {});
  const auto why = missing.explain(nullptr);
  REQUIRE(why.has_value());
  CHECK(why->cause == Cause::left_out);
  CHECK(why->place == line_of_decorator(folder));
}
