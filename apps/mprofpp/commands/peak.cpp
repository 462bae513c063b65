#include "mprofpp/analysis/peak.hpp"

#include "command.hpp"
#include "damage.hpp"
#include "function_report.hpp"
#include "mprofpp/analysis/function_names.hpp"
#include "mprofpp/analysis/function_peak.hpp"
#include "mprofpp/store/catalogue.hpp"
#include "mprofpp/store/reader.hpp"
#include "newest.hpp"
#include "peak_report.hpp"
#include "process_tree.hpp"

namespace mprofpp::app {
namespace {

class PeakCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description("Prints the peak of recordings, the newest of this folder if none is named.");
    app.add_option("file", files_, "recordings, or indices: 0 is the oldest here, -1 the newest")
        ->type_name("[FILE …]");
    app.add_option("--func", function_,
                   "the peak while this function ran, and what its calls\n"
                   "added; the end of its name will do where it is clear,\n"
                   "a pattern is for all that fit: 'app.*'")
        ->type_name("NAME");
    app.add_flag("-M,--multiprocess", tree_, "print the tree of processes, with names and times");
    app.add_flag("-v,--verbose", verbose_,
                 "print also the part of the machine's memory (%MEM), the\n"
                 "address space (VSZ) and what --metrics recorded");
    app.add_flag("--json", json_, "print JSON, one object a line");
    app.footer(
        "The first line is the best known peak: the kernel's high-water mark where there is one for\n"
        "what was recorded, else the highest sample. The second says both.\n"
        "\n"
        "examples:\n"
        "  mprofpp peak\n"
        "  mprofpp peak --func '*' server.dat    all functions, those that added most first\n"
        "  mprofpp peak --json server.dat | jq .peak_mib");
  }

  int run(const Console& console) override {
    int status = exit_status::success;
    for (const auto& file : chosen_files(console)) {
      const auto printed = file ? print(*file, console) : Failure(file.error());
      if (printed) continue;
      console.report(printed.error());
      status = exit_status::failure;
    }
    return status;
  }

 private:
  /// One that is not there does not hide the others.
  std::vector<Result<std::string>> chosen_files(const Console& console) const {
    if (files_.empty()) return {newest_of_this_folder(console)};
    std::vector<Result<std::string>> paths;
    for (const auto& name : files_) paths.push_back(store::pick_recording(".", name));
    return paths;
  }

  Result<void> print(const std::string& file, const Console& console) const {
    return function_.empty() ? print_peak(file, console) : print_functions(file, console);
  }

  Result<void> print_peak(const std::string& file, const Console& console) const {
    analysis::PeakFold fold;
    if (auto read = store::read(file, fold); !read) return read;
    const auto report = fold.report();
    if (report.first_damage) {
      console.warn(damage_text(file, report.damaged_lines, *report.first_damage));
    }
    if (!report.sampled) {
      return fail(Errc::malformed, file, "has no memory samples",
                  "the recording ended before its first one");
    }
    console.print(json_ ? as_json_line(file, report) : text_of(file, report));
    return {};
  }

  std::string text_of(const std::string& file, const analysis::PeakReport& report) const {
    const auto detail = verbose_ ? Detail::all : Detail::peaks;
    auto text = as_text(file, report, detail);
    if (tree_) text += process_tree_text(report, detail);
    return text;
  }

  /// Two passes: which calls there were, then the samples that fell into them.
  Result<void> print_functions(const std::string& file, const Console& console) const {
    analysis::FunctionNames names;
    if (auto read = store::read(file, names); !read) return read;
    const auto functions = analysis::pick_functions(names.names(), function_);
    if (!functions) return Failure(functions.error());

    analysis::FunctionCallsFold calls_fold(*functions, names.late());
    if (auto read = store::read(file, calls_fold); !read) return read;
    auto calls = calls_fold.finish();
    analysis::FunctionPeakFold peaks(calls);
    if (auto read = store::read(file, peaks); !read) return read;

    const auto sampled = peaks.finish();
    std::vector<FunctionReport> reports;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      reports.push_back({file, (*functions)[i], std::move(calls[i]), sampled[i]});
    }
    console.print(json_ ? as_json_lines(std::move(reports)) : as_text(std::move(reports)));
    return {};
  }

  std::vector<std::string> files_;
  std::string function_;
  bool tree_ = false;
  bool verbose_ = false;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_peak_command() {
  return std::make_unique<PeakCommand>();
}

}  // namespace mprofpp::app
