#include "options/recording_argument.hpp"

#include <unistd.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/hints.hpp"
#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/store/catalogue.hpp"
#include "options/unnamed_file.hpp"

namespace mprofpp::app {
namespace {

using report::RecordedRun;

constexpr const char* stdin_name = "-";

Result<Fd> copy_of_stdin() {
  auto copy = open_unnamed_file();
  if (!copy) return fail(copy.error().code, stdin_name, "cannot store the input");
  std::vector<char> buffer(256 * 1024);
  while (true) {
    auto got = read_block(STDIN_FILENO, buffer);
    if (!got) return fail(got.error().code, stdin_name, got.error().what);
    if (*got == 0) return copy;
    if (auto written = write_all(copy->get(), {buffer.data(), *got}); !written) {
      return fail(written.error().code, stdin_name, "cannot store the input",
                  "set TMPDIR to a folder with enough space");
    }
  }
}

Result<RecordedRun> read_stdin() {
  auto copy = copy_of_stdin();
  if (!copy) return Failure(std::move(copy.error()));
  auto run = report::last_run(stdin_name, path_of_open(*copy));
  if (run) run->file = std::make_shared<Fd>(std::move(*copy));
  return run;
}

Result<RecordedRun> find(const std::string& argument) {
  if (argument == stdin_name) return read_stdin();
  const auto path = store::pick_recording(".", argument);
  if (!path) return Failure(with_hint(Task::find_recording, path.error()));
  return report::last_run(*path, *path);
}

/// Returns the values that --run can have.
std::string run_numbers(const RecordedRun& run) {
  return "--run 1 to " + std::to_string(run.runs.size());
}

Result<RecordedRun> with_number(const RecordedRun& run, std::size_t number) {
  auto chosen = report::choose_run(run, number);
  if (!chosen && chosen.error().hint.empty()) {
    chosen.error().hint = run_numbers(run) + " selects one";
  }
  return chosen;
}

}  // namespace

bool is_recording(const std::string& argument) {
  if (argument == stdin_name || argument.ends_with(".dat")) return true;
  std::error_code error;
  if (!std::filesystem::is_regular_file(argument, error)) {
    return parse_integer<int>(argument).has_value();
  }
  const auto file = open_for_reading(argument);
  std::array<char, 8> start{};
  const auto size = file ? read_block(file->get(), start) : Result<std::size_t>(0);
  const std::string_view text(start.data(), size.value_or(0));
  return text.starts_with("META ") || text.starts_with("CMDLINE ") || text.starts_with("MEM ");
}

Result<RecordedRun> choose_recording(const std::string& argument, std::optional<std::size_t> number,
                                     const Console& console) {
  auto run = find(argument);
  if (!run) return run;
  if (number) return with_number(*run, *number);
  const auto count = run->runs.size();
  if (count > 1) {
    console.note(visible(run->name) + " has " + std::to_string(count) +
                 " runs: using the last one (" + run_numbers(*run) + " selects another)");
  }
  return run;
}

std::vector<Result<RecordedRun>> choose_recordings(const std::vector<std::string>& arguments,
                                                   std::optional<std::size_t> number,
                                                   const Console& console) {
  std::vector<Result<RecordedRun>> runs;
  for (const auto& argument : arguments) {
    runs.push_back(choose_recording(argument, number, console));
  }
  if (!runs.empty()) return runs;
  auto newest = store::newest_recording(".");
  if (!newest) return {Failure(with_hint(Task::find_recording, std::move(newest.error())))};
  console.note("using the newest recording, " + visible(*newest));
  return {choose_recording(*newest, number, console)};
}

Result<std::optional<std::size_t>> parse_run_number(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto number = parse_integer<std::size_t>(text);
  if (number && *number > 0) return number;
  return fail(Errc::invalid_argument, "--run " + text, "is not a positive number");
}

}  // namespace mprofpp::app
