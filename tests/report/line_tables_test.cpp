#include "mprofpp/report/line_tables.hpp"

#include <doctest/doctest.h>

#include <array>
#include <charconv>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "mprofpp/base/source_hash.hpp"
#include "mprofpp/report/line_notes.hpp"
#include "mprofpp/report/line_page.hpp"
#include "mprofpp/report/line_texts.hpp"
#include "recorded.hpp"

using namespace mprofpp;
using namespace mprofpp::report;
using nlohmann::json;
using test::recorded;
using test::TemporaryFolder;

namespace {

constexpr std::string_view source =
    "import os\n"
    "@profile\n"
    "def load():\n"
    "    a = [1] * (10 ** 6)\n"
    "    # a comment | `x` <b>\n"
    "\tdel a\n"
    "    return\n";

/// A recording in which app.load of that file ran twice in process 7.
class Recorded {
 public:
  explicit Recorded(const std::string& facts = "-", std::string_view text = source)
      : path(folder.write("app.py", text)) {
    const auto row = [&](const std::string& numbers, const std::string& more) {
      return "LINE 7 app.load " + path + " 2 " + numbers + " " + more + "\n";
    };
    lines = "CMDLINE x\nMEM 1.0 1000.0\nPROC 7 1 1 1000.0 worker worker\n" +
            row("2 2 40.0 38.8164", facts) + row("4 2 46.5 7.6284", "peak=47.25,time=0.25") +
            row("6 2 38.9 -7.5", "-");
  }

  LineReports read(analysis::LineGrouping grouping = analysis::LineGrouping::merged,
                   const std::string& wanted = "") const {
    return read_line_tables(recorded(folder, lines), grouping, wanted).value();
  }

  TemporaryFolder folder;
  std::string path;
  std::string lines;
};

std::string hash_of(std::string_view text) {
  std::array<char, 16> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), source_hash(text), 16);
  return {digits.data(), end.ptr};
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const RecordedRun run{.name = "x.dat", .path = "/tmp/x.dat"};

}  // namespace

TEST_CASE("the text is that of memory_profiler") {
  const Recorded recording;
  CHECK(line_tables_text(recording.read(), {}) ==
        "Filename: " + recording.path +
            "\n\n"
            "Line #    Mem usage    Increment  Occurrences   Line Contents\n"
            "=============================================================\n"
            "     2   40.000 MiB   38.816 MiB           2   @profile\n"
            "     3                                         def load():\n"
            "     4   46.500 MiB    7.628 MiB           2       a = [1] * (10 ** 6)\n"
            "     5                                             # a comment | `x` <b>\n"
            "     6   38.900 MiB   -7.500 MiB           2   \tdel a\n"
            "     7                                             return\n"
            "\n\n");
}

TEST_CASE("the decorator chooses the decimals, and the caller may choose others") {
  const Recorded recording("precision=1");
  const auto reports = recording.read();
  CHECK(
      contains(line_tables_text(reports, {}), "     2     40.0 MiB     38.8 MiB           2   @"));
  CHECK(contains(line_tables_text(reports, {.decimals = 0, .columns = {}}),
                 "     2       40 MiB       39 MiB           2   @"));
  CHECK(contains(line_tables_text(reports, {.decimals = 5, .columns = {}}),
                 "     4  46.50000 MiB   7.62840 MiB"));
}

TEST_CASE("further columns are between the occurrences and the contents") {
  const Recorded recording;
  const auto text = line_tables_text(recording.read(), {{}, {.peak = true, .time = true}});
  CHECK(contains(text, "  Occurrences         Peak          Time   Line Contents\n"));
  CHECK(contains(text, "           2    47.250 MiB    0.250000 s       a = [1]"));
  CHECK(contains(text, "           2             -             -   \tdel a"));
}

TEST_CASE("a line that never ended has occurrences only") {
  Recorded recording;
  recording.lines += "LINE 7 app.load " + recording.path + " 2 7 1 - 0.0 -\n";
  CHECK(contains(line_tables_text(recording.read(), {}),
                 "     7                                     1       return\n"));
}

TEST_CASE("a source that has changed or cannot be read leaves the numbers without text") {
  const std::string numbers =
      "     2   40.000 MiB   38.816 MiB           2   \n"
      "     4   46.500 MiB    7.628 MiB           2   \n"
      "     6   38.900 MiB   -7.500 MiB           2   \n\n\n";
  const Recorded same("source=" + hash_of(source));
  CHECK(same.read().functions[0].source == SourceState::same);
  const Recorded changed("source=abc");
  CHECK(line_tables_text(changed.read(), {}).ends_with("=\n" + numbers));
  CHECK(
      contains(line_notes(changed.read().functions[0]).at(0), "app.py has changed since app.load"));
  const Recorded shorter("-", "x = 1\n");
  CHECK(shorter.read().functions[0].source == SourceState::changed);
  Recorded missing;
  missing.folder.write("other", "");
  std::filesystem::remove(missing.path);
  CHECK(line_tables_text(missing.read(), {}).ends_with("=\n" + numbers));
  CHECK(contains(line_notes(missing.read().functions[0]).at(0), "app.py cannot be read"));
  Recorded typed;
  typed.lines = "CMDLINE x\nMEM 1.0 1.0\nLINE 7 f <stdin> 1 1 1 2.0 1.0 -\n";
  CHECK(line_notes(typed.read().functions[0]).at(0) ==
        "f was not defined in a file, so its lines are shown without their contents");
}

TEST_CASE("the notes name what else may be among the numbers") {
  const Recorded recording("open=1,shared=2,interleaved=1");
  const auto notes = line_notes(recording.read().functions[0]);
  REQUIRE(notes.size() == 3);
  CHECK(contains(notes[0], "app.load: 1 call was still running"));
  CHECK(contains(notes[1], "app.load: other threads ran during 2 of 2 calls"));
  CHECK(contains(notes[2], "app.load: other greenlets ran during 1 of 2 calls"));
  CHECK(line_notes(Recorded().read().functions[0]).empty());
}

TEST_CASE(
    "a source that has changed since its process was started leaves the numbers without text") {
  const Recorded recording("source=0");
  const auto reports = recording.read();
  CHECK(reports.functions[0].source == SourceState::changed);
  CHECK(line_notes(reports) ==
        std::vector{recording.path + " has changed since its process was started, so the lines of "
                                     "app.load are shown without their contents"});
}

TEST_CASE("a note on many functions counts them") {
  Recorded recording;
  recording.lines = "CMDLINE x\nMEM 1.0 1.0\n";
  const auto add = [&](int n) {
    recording.lines += "LINE 7 f" + std::to_string(n) + " <string> 1 1 1 2.0 1.0 open=1\n";
  };
  for (int n = 0; n < 3; ++n) add(n);
  CHECK(line_notes(recording.read()).size() == 6);
  add(3);
  CHECK(line_notes(recording.read()) ==
        std::vector<std::string>{
            "4 functions: calls were still running; what their last lines took is not included",
            "4 functions were not defined in a file, so their lines are shown without their "
            "contents"});
}

TEST_CASE("a table of one process is named after it") {
  const Recorded recording;
  CHECK(line_tables_text(recording.read(analysis::LineGrouping::per_process), {})
            .starts_with("Process 7 (worker)\nFilename: "));
}

TEST_CASE("a name selects functions, and an unknown one is not found") {
  const Recorded recording;
  CHECK(recording.read({}, "load").functions.size() == 1);
  CHECK(recording.read({}, "app.*").functions.size() == 1);
  const auto unknown = read_line_tables(recorded(recording.folder, recording.lines), {}, "save");
  CHECK(unknown.error().code == Errc::not_found);
}

TEST_CASE("Markdown and HTML show the characters of the source and nothing else") {
  const auto reports = Recorded("shared=1").read();
  const auto markdown = line_tables_markdown(reports, {});
  CHECK(contains(markdown, "### app.load\n"));
  CHECK(contains(markdown, "| 4 | 46.500 MiB | 7.628 MiB | 2 | `    a = [1] * (10 ** 6)` |\n"));
  CHECK(contains(markdown, "| 5 | | | | ``    # a comment \\| `x` <b>`` |\n"));
  CHECK(contains(markdown, "\nNote: app.load: other threads"));
  const auto page = line_tables_html(run, reports, {});
  CHECK(contains(page, "# a comment | `x` &lt;b&gt;</td>"));
  CHECK(contains(page, "<tr class=\"more\" style=\"--part:1.00\"><td>4</td>"));
  CHECK(contains(page, "<tr class=\"less\" style=\"--part:0.98\"><td>6</td>"));
  CHECK(contains(page, "<p>2 calls added 131.5 KiB</p>"));
}

TEST_CASE("control characters of a source are made visible, except tabs and form feeds") {
  const Recorded recording("-", "\n@profile\n\fdef load(): '\x1b[31m'\n \n \n \n");
  const auto text = line_tables_text(recording.read(), {});
  CHECK(contains(text, "   \fdef load(): '\\x1b[31m'\n"));
  CHECK(!contains(line_tables_html(run, recording.read(), {}), "\x1b"));
}

TEST_CASE("JSON has one object for each function") {
  const Recorded recording("open=1,precision=4");
  const auto object = json::parse(line_tables_json(run, recording.read()));
  CHECK(object["function"] == "app.load");
  CHECK(object["calls"] == 2);
  CHECK(object["open_calls"] == 1);
  CHECK(object["precision"] == 4);
  CHECK(object["source"] == "same");
  CHECK(object["lines"].size() == 6);
  CHECK(object["lines"][1]["increment_mib"] == nullptr);
  const json expected = {{"line", 4},
                         {"occurrences", 2},
                         {"mem_mib", 46.5},
                         {"increment_mib", 7.6284},
                         {"peak_mib", 47.25},
                         {"seconds", 0.25},
                         {"contents", "    a = [1] * (10 ** 6)"}};
  CHECK(object["lines"][2] == expected);
}
