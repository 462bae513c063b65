#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/hints.hpp"
#include "mprofpp/report/functions.hpp"
#include "mprofpp/report/peaks.hpp"
#include "mprofpp/report/process_tree.hpp"
#include "options/recording_argument.hpp"
#include "options/time_window.hpp"

namespace mprofpp::app {
namespace {

using report::Detail;
using report::RecordedRun;
using report::TimeWindow;

class PeakCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Prints the peak memory of recordings, or of the newest one in this folder if you\n"
        "name none. FILE is a recording, an index from mprofpp list (0 is the oldest, -1\n"
        "the newest) or - for stdin.");
    app.add_option("file", files_, "recordings, indices, or - for stdin")->type_name("[FILE …]");
    app.add_option("--func", function_,
                   "print the peak while function NAME ran, and how much\n"
                   "memory its calls added; any unambiguous suffix of its\n"
                   "name works; a pattern such as 'app.*' selects every\n"
                   "match")
        ->type_name("NAME");
    app.add_flag("-M,--multiprocess", tree_, "print the tree of processes with commands and times");
    app.add_flag("-v,--verbose", verbose_,
                 "also print the mean, the last value, the slope, the\n"
                 "share of the machine's memory (%MEM with -M), the\n"
                 "address space (VSZ) and the values of run --metrics;\n"
                 "for functions, the readings that PEAK is made of");
    app.add_option("-w,--window", window_,
                   "read only this time window, counted from the start:\n"
                   "10,20 or 1m30s,2m")
        ->type_name("FROM,TO");
    app.add_option("--from", from_, "start the window at TIME")->type_name("TIME");
    app.add_option("--to", to_, "end the window at TIME")->type_name("TIME");
    app.add_option("--run", run_,
                   "read the N-th run of a file with several runs\n"
                   "(default: the last)")
        ->type_name("N");
    app.add_flag("--json", json_, "print JSON, one object per line");
    app.footer(
        "The first line is the best known peak: the kernel's high-water mark if it has\n"
        "one for what was recorded, otherwise the highest sample. For a tree of processes\n"
        "it is at least the peak of the largest process. The second line lists these\n"
        "values.\n"
        "\n"
        "The table for functions: ADDED is the memory that the calls added and that has\n"
        "not been given back; with ≤ it is an upper bound, because other threads ran at\n"
        "the same time. LARGEST is the most that the process grew during one call.\n"
        "malloc may keep memory that was freed, so growth can be attributed to another\n"
        "caller; MALLOC_TRIM_THRESHOLD_=0 MALLOC_TOP_PAD_=0 in the environment of the\n"
        "recorded program makes ADDED more exact (see marks.md).\n"
        "\n"
        "examples:\n"
        "  mprofpp peak\n"
        "  mprofpp peak --func '*' server.dat    all functions, those that added most first\n"
        "  mprofpp peak --from 10m server.dat    without the first ten minutes\n"
        "  mprofpp peak --json server.dat | jq .peak_mib");
  }

  int run(const Console& console) override {
    const auto window = parse_window_options({window_, from_, to_});
    if (!window) return refuse(console, window.error());
    const auto number = parse_run_number(run_);
    if (!number) return refuse(console, number.error());

    int status = exit_status::success;
    for (const auto& chosen : choose_recordings(files_, *number, console)) {
      const auto printed = chosen ? print(*chosen, *window, console) : Failure(chosen.error());
      if (printed) continue;
      console.report(printed.error());
      status = exit_status::failure;
    }
    return status;
  }

 private:
  static int refuse(const Console& console, const Error& error) {
    console.report(error);
    return exit_status::usage;
  }

  Result<void> print(const RecordedRun& run, const TimeWindow& times,
                     const Console& console) const {
    const auto window = report::window_in(run, times);
    if (!window) return Failure(with_hint(Task::read_recording, window.error()));
    return function_.empty() ? print_peaks(run, *window, console)
                             : print_functions(run, *window, console);
  }

  Result<void> print_peaks(const RecordedRun& run, const analysis::Window& window,
                           const Console& console) const {
    const auto peaks = report::read_peaks(run, window);
    if (!peaks) return Failure(with_hint(Task::read_recording, peaks.error()));
    if (peaks->first_damage) {
      console.warn(report::damage_text(run, peaks->damaged_lines, *peaks->first_damage));
    }
    if (!peaks->sampled) return Failure(without_samples(run, window));
    console.print(json_ ? report::peaks_json(run, *peaks) : text_of(run, *peaks));
    return {};
  }

  static Error without_samples(const RecordedRun& run, const analysis::Window& window) {
    if (window.is_whole()) return report::no_samples(run);
    const auto range = report::time_range(run);
    return range ? report::no_samples_in_window(run, *range) : range.error();
  }

  std::string text_of(const RecordedRun& run, const analysis::PeakReport& peaks) const {
    auto text = report::peaks_text(run, peaks, detail());
    if (tree_) text += report::process_tree_text(peaks, detail());
    return text;
  }

  Result<void> print_functions(const RecordedRun& run, const analysis::Window& window,
                               const Console& console) const {
    const auto functions = report::read_functions(run, window, function_);
    if (!functions) {
      const auto& error = functions.error();
      // the recording was found before, so it is a function that is missing
      const bool is_function = error.code == Errc::not_found;
      return Failure(with_hint(is_function ? Task::choose_function : Task::read_recording, error));
    }
    console.print(json_ ? report::functions_json(run, *functions)
                        : report::functions_text(run, *functions, detail()));
    return {};
  }

  Detail detail() const { return verbose_ ? Detail::all : Detail::peaks; }

  std::vector<std::string> files_;
  std::string function_, window_, from_, to_, run_;
  bool tree_ = false;
  bool verbose_ = false;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_peak_command() {
  return std::make_unique<PeakCommand>();
}

}  // namespace mprofpp::app
