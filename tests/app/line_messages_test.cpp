#include "summary/line_messages.hpp"

#include <doctest/doctest.h>

#include "console/console.hpp"

using namespace mprofpp;
using namespace mprofpp::app;
using python::MissingMarksReason;
using Cause = MissingMarksReason::Cause;

namespace {

record::MarkOptions options_with(std::vector<std::string> patterns) {
  record::MarkOptions options;
  options.lines.emplace().patterns = std::move(patterns);
  return options;
}

std::vector<std::string> messages(const record::Outcome& outcome,
                                  const record::MarkOptions& options) {
  std::vector<std::string> texts;
  for (const auto& error : missing_messages(outcome, options)) texts.push_back(message_of(error));
  return texts;
}

record::Outcome outcome_with(const record::LineOutcome& lines) {
  record::Outcome outcome;
  outcome.lines = lines;
  return outcome;
}

record::LineOutcome of_python(std::vector<record::UnmatchedPattern> unmatched = {}) {
  record::LineOutcome lines;
  lines.saw_python = true;
  lines.unmatched = std::move(unmatched);
  return lines;
}

record::LineOutcome counted() {
  auto lines = of_python();
  lines.any = true;
  return lines;
}

MissingMarksReason unmatched(Cause cause, const std::string& interpreter) {
  MissingMarksReason reason;
  reason.cause = cause;
  reason.request = MissingMarksReason::Request::by_pattern;
  reason.place = "app.*";
  reason.interpreter = interpreter;
  return reason;
}

}  // namespace

TEST_CASE("nothing is reported if lines were counted or not wanted") {
  CHECK(messages({}, {}).empty());
  CHECK(messages(outcome_with(counted()), options_with({})).empty());
}

TEST_CASE("a pattern that matched no function is reported with the nearest names") {
  const auto lines =
      of_python({{"app.uplaod_*", {"app.upload_file", "app.upload"}}, {"x", {"app.x"}}});
  CHECK(messages(outcome_with(lines), options_with({"app.uplaod_*", "x"})) ==
        std::vector<std::string>{
            "--lines-of 'app.uplaod_*' matches no function that ran; the nearest are "
            "app.upload_file, app.upload",
            "--lines-of x matches no function that ran; the nearest is app.x"});
}

TEST_CASE("a pattern without a similar name is reported with the form of names") {
  const auto lines = of_python({{"none", {}}});
  const auto texts = messages(outcome_with(lines), options_with({"none"}));
  REQUIRE(texts.size() == 1);
  CHECK(texts[0].starts_with("--lines-of none matches no function that ran (names are module."));
}

TEST_CASE("a run without a decorated function is reported") {
  CHECK(messages(outcome_with(of_python()), options_with({})) ==
        std::vector<std::string>{"no lines: no function with @profile was called (decorate one, or "
                                 "choose functions with --lines-of 'app.*')"});
}

TEST_CASE("a program that is not Python is reported once") {
  const std::vector<std::string> message{
      "no lines: the program is not Python (lines are counted in Python functions)"};
  CHECK(messages(outcome_with({}), options_with({})) == message);
  auto outcome = outcome_with(of_python({{"app.*", {}}}));
  outcome.missing_marks = unmatched(Cause::nothing_matched, "/usr/bin/ls");
  CHECK(messages(outcome, options_with({"app.*"})) == message);
}

TEST_CASE("a Python that cannot report calls is the reason for a pattern without lines") {
  auto outcome = outcome_with(of_python({{"app.*", {}}}));
  outcome.missing_marks = unmatched(Cause::no_tool, "/usr/bin/python3");
  CHECK(messages(outcome, options_with({"app.*"})) ==
        std::vector<std::string>{"--lines-of app.*: no marks: the program uses all tool ids of "
                                 "sys.monitoring (@profile works without one)"});
}

TEST_CASE("a Python that cannot count lines is the reason for a decorator without lines") {
  auto lines = of_python();
  lines.obstacle = Cause::free_threaded;
  CHECK(messages(outcome_with(lines), options_with({})) ==
        std::vector<std::string>{"no lines: free-threaded Python is not supported (use a build "
                                 "with the GIL: python3.13, not python3.13t)"});
}

TEST_CASE("missing marks of a decorator explain its missing lines, once") {
  auto outcome = outcome_with(of_python());
  auto& reason = outcome.missing_marks.emplace();
  reason.cause = Cause::undecorable;
  reason.place = "app.py:1";
  const std::vector<std::string> text{
      "app.py:1: no @profile marks: the decorated object is not a Python function (decorate a "
      "def)"};
  CHECK(messages(outcome, options_with({})) == text);
  outcome.lines.reset();
  CHECK(messages(outcome, {}) == text);
}

TEST_CASE("a Python that is too old is the only reason for a pattern without lines") {
  auto outcome = outcome_with(of_python({{"app.*", {}}}));
  auto& reason = outcome.missing_marks.emplace();
  reason.cause = Cause::obstacle;
  reason.place = "app.py:1";
  reason.interpreter = "/usr/bin/python3.7";
  reason.obstacle = python::Obstacle::too_old;
  const auto texts = messages(outcome, options_with({"app.*"}));
  REQUIRE(texts.size() == 1);
  CHECK(texts[0].starts_with("app.py:1: no @profile marks: /usr/bin/python3.7 is too old"));
}

TEST_CASE("a pattern for marks that matched nothing is reported beside the one for lines") {
  auto traced = options_with({"app.*"});
  traced.selection = Selection({"app.*"}, {});
  auto outcome = outcome_with(of_python({{"app.*", {}}}));
  outcome.missing_marks = unmatched(Cause::nothing_matched, "python3");
  const auto texts = messages(outcome, traced);
  REQUIRE(texts.size() == 2);
  CHECK(texts[0].starts_with("--trace app.*: no marks"));
  CHECK(texts[1].starts_with("--lines-of 'app.*' matches no function that ran"));
}

TEST_CASE("tables without room and refused peaks are reported") {
  auto lines = counted();
  lines.tables_full = lines.peaks_refused = true;
  const auto texts = messages(outcome_with(lines), options_with({}));
  REQUIRE(texts.size() == 2);
  CHECK(texts[0].starts_with("some lines are missing"));
  CHECK(texts[1].starts_with("the peaks of some lines are missing"));
}
