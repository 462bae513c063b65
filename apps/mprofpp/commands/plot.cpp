#include <algorithm>

#include "command.hpp"
#include "damage.hpp"
#include "local_time.hpp"
#include "mprofpp/base/file.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/store/catalogue.hpp"
#include "mprofpp/store/reader.hpp"
#include "newest.hpp"
#include "picture.hpp"
#include "plot_options.hpp"

namespace mprofpp::app {
namespace {

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string without_suffix(const std::string& name) {
  return name.ends_with(".dat") ? name.substr(0, name.size() - 4) : name;
}

/// A recording that is there, and when it was.
struct Found {
  std::string path;
  store::TimeRange range;
};

Result<std::vector<Found>> find_recordings(const PlotOptions& options, const Console& console) {
  std::vector<std::string> names = options.files;
  if (names.empty()) {
    auto newest = newest_of_this_folder(console);
    if (!newest) return Failure(std::move(newest.error()));
    names.push_back(std::move(*newest));
  }
  std::vector<Found> found;
  for (const auto& name : names) {
    auto path = store::pick_recording(".", name);
    if (!path) return Failure(std::move(path.error()));
    const auto range = store::time_range(*path);
    if (!range) return Failure(range.error());
    found.push_back({std::move(*path), range->value_or(store::TimeRange{})});
  }
  return found;
}

analysis::Grid grid_for(const Found& recording, const PlotOptions& options) {
  analysis::Grid grid;
  grid.origin = grid.begin = recording.range.first;
  grid.end = recording.range.last;
  grid.columns = static_cast<std::size_t>(std::max(picture_width(options.look), 100.0));
  if (!options.window) return grid;
  grid.outside = analysis::Grid::Outside::cut;
  grid.begin = grid.origin + options.window->from;
  if (options.window->to) grid.end = grid.origin + *options.window->to;
  return grid;
}

Failure nothing_to_draw(const Found& recording, const PlotOptions& options) {
  if (!options.window) {
    return fail(Errc::malformed, recording.path, "has no memory samples",
                "the recording ended before its first one");
  }
  return fail(Errc::not_found, recording.path, "has no sample in that window",
              "it lasts " + readable(recording.range.last - recording.range.first));
}

Result<analysis::History> read_history(const Found& recording, const analysis::Grid& grid) {
  analysis::HistoryFold fold(grid);
  if (auto read = store::read(recording.path, fold); !read) return Failure(std::move(read.error()));
  return fold.finish();
}

Result<std::vector<chart::Source>> read_sources(const std::vector<Found>& found,
                                                const PlotOptions& options,
                                                const Console& console) {
  std::vector<chart::Source> sources;
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto history = read_history(found[i], grid_for(found[i], options));
    if (!history) return Failure(std::move(history.error()));
    if (history->first_damage) {
      console.warn(damage_text(found[i].path, history->damaged_lines, *history->first_damage));
    }
    if (!history->has_samples()) return nothing_to_draw(found[i], options);
    const auto label = i < options.labels.size() ? options.labels[i] : file_name(found[i].path);
    sources.push_back({std::move(*history), label});
  }
  return sources;
}

/// Of several recordings by the clock, all count from the earliest.
void share_clock(std::vector<Found>& found, const PlotOptions& options) {
  if (options.clock == PlotOptions::Clock::none) return;
  const auto earliest =
      std::min_element(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return a.range.first < b.range.first;
      })->range.first;
  for (auto& recording : found) recording.range.first = earliest;
}

std::string output_of(const PlotOptions& options, const std::vector<Found>& found) {
  if (!options.output.empty()) return options.output;
  if (found.size() > 1) return "recordings.png";
  return without_suffix(file_name(found.front().path)) + ".png";
}

Result<std::string> plot(const PlotOptions& options, const Console& console) {
  auto found = find_recordings(options, console);
  if (!found) return Failure(std::move(found.error()));
  share_clock(*found, options);
  const auto output = output_of(options, *found);
  const auto format = picture_format(output);
  if (!format) return Failure(format.error());

  const auto sources = read_sources(*found, options, console);
  if (!sources) return Failure(sources.error());
  auto wanted = options.wanted;
  wanted.bracket_places =
      static_cast<std::size_t>(picture_width(options.look) / options.look.dpi * 8);
  if (options.clock != PlotOptions::Clock::utc) {
    wanted.ahead_of_utc = local_ahead_of_utc;
    wanted.clock_name = local_time_name(found->front().range.first);
  }
  const auto picture = draw_picture(chart::build(*sources, wanted), *format, options.look);
  if (!picture) return Failure(picture.error());
  if (auto written = replace_file(output, *picture); !written) {
    if (written.error().hint.empty()) written.error().hint = "-o FILE writes elsewhere";
    return Failure(written.error());
  }
  return output;
}

class PlotCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description("Draws recordings, the newest of this folder if none is named.");
    app.add_option("file", options_.files,
                   "recordings, or indices: 0 is the oldest here, -1 the newest")
        ->type_name("[FILE …]");
    bind_picture(app);
    bind_contents(app);
    app.footer(
        "Several recordings are laid over one another, each from its own start, with --clock as "
        "they\n"
        "were in time.\n"
        "\n"
        "examples:\n"
        "  mprofpp plot -o server.png\n"
        "  mprofpp plot -w 1m30s,2m --flame server.dat -o calls.svg\n"
        "  mprofpp plot before.dat after.dat --label before --label after --slope");
  }

  int run(const Console& console) override {
    if (auto checked = check(); !checked) {
      console.report(checked.error());
      return exit_status::usage;
    }
    const auto written = plot(options_, console);
    if (!written) {
      console.report(written.error());
      const bool is_usage = written.error().code == Errc::invalid_argument;
      return is_usage ? exit_status::usage : exit_status::failure;
    }
    console.print(*written + "\n");
    return exit_status::success;
  }

 private:
  void bind_picture(CLI::App& app) {
    app.add_option("-o,--output", options_.output,
                   "the picture: .png, .svg or .pdf; default\n<recording>.png in this folder")
        ->type_name("FILE");
    app.add_option("-t,--title", options_.wanted.title, "default: the command that was recorded")
        ->type_name("TEXT");
    app.add_option("--size", size_, "pixels of the picture, default 1200x540")->type_name("WxH");
    app.add_option("--dpi", dpi_, "pixels per inch: letters and lines grow with it; 96")
        ->type_name("N");
    app.add_option("--theme", theme_, "light or dark")->type_name("THEME");
    app.add_option("--label", options_.labels, "a recording's name on the chart; once per file")
        ->type_name("TEXT")
        ->expected(1)
        ->take_all();
    app.add_option("--backend", backend_, "accepted and ignored, for mprof's sake")
        ->type_name("NAME");
  }

  void bind_contents(CLI::App& app) {
    app.add_option("-w,--window", window_, "only this stretch of time: 10,20 or 1m30s,2m")
        ->type_name("FROM,TO");
    app.add_flag("-f,--flame", flame_, "calls as nested boxes, one lane per thread or task");
    app.add_option("--color", color_, "of the boxes: function, or growth (what a call added)")
        ->type_name("BY");
    app.add_flag("--stack", stack_, "the processes as areas on top of one another");
    app.add_flag("-n,--no-function-ts", no_calls_, "without calls and marks");
    app.add_flag("-s,--slope", slope_, "a straight line through each curve, in MiB an hour");
    app.add_flag("--clock", clock_, "the time of day instead of the time since the start");
    app.add_flag("--utc", utc_, "as --clock, in UTC");
  }

  /// Takes over what CLI11 filled in. Errors: invalid_argument.
  Result<void> check() {
    using Clock = PlotOptions::Clock;
    auto& wanted = options_.wanted;
    if (flame_) wanted.lanes = chart::Lanes::flame;
    if (stack_) wanted.view = chart::View::stack;
    if (no_calls_) wanted.calls = chart::Calls::hidden;
    if (slope_) wanted.slope = chart::Slope::line;
    if (clock_ || utc_) wanted.time = chart::TimeAxis::Kind::clock;
    options_.clock = utc_ ? Clock::utc : clock_ ? Clock::local : Clock::none;
    if (auto checked = check_names(); !checked) return checked;
    if (auto checked = check_combinations(); !checked) return checked;
    return check_numbers();
  }

  Result<void> check_combinations() const {
    const bool several = options_.files.size() > 1;
    if (several && flame_) {
      return fail(Errc::invalid_argument, "--flame",
                  "draws the calls of one recording, not of several");
    }
    if (several && stack_) {
      return fail(Errc::invalid_argument, "--stack",
                  "draws the processes of one recording, not of several");
    }
    if (flame_ && no_calls_) {
      return fail(Errc::invalid_argument, "--flame",
                  "draws calls, --no-function-ts leaves them out");
    }
    if (color_ != "function" && !flame_) {
      return fail(Errc::invalid_argument, "--color " + color_, "colours the boxes of --flame",
                  "add --flame");
    }
    const auto files = std::max<std::size_t>(options_.files.size(), 1);
    if (options_.labels.size() > files) {
      return fail(Errc::invalid_argument, "--label", "there are more labels than recordings");
    }
    return {};
  }

  Result<void> check_names() {
    if (theme_ == "dark")
      options_.look.theme = chart::Theme::dark;
    else if (theme_ != "light")
      return fail(Errc::invalid_argument, "--theme " + theme_, "is neither light nor dark");
    if (color_ == "growth")
      options_.wanted.box_colour = chart::BoxColour::growth;
    else if (color_ != "function")
      return fail(Errc::invalid_argument, "--color " + color_, "is neither function nor growth");
    if (options_.output.empty()) return {};
    const auto format = picture_format(options_.output);
    if (!format) return Failure(format.error());
    return {};
  }

  Result<void> check_numbers() {
    if (!window_.empty()) {
      auto window = parse_window(window_);
      if (!window) return Failure(std::move(window.error()));
      options_.window = *window;
    }
    if (!size_.empty()) {
      auto look = with_size(options_.look, size_);
      if (!look) return Failure(std::move(look.error()));
      options_.look = *look;
    }
    if (!dpi_.empty()) {
      auto look = with_dpi(options_.look, dpi_);
      if (!look) return Failure(std::move(look.error()));
      options_.look = *look;
    }
    return {};
  }

  PlotOptions options_;
  std::string size_, dpi_, window_, backend_;
  std::string theme_ = "light";
  std::string color_ = "function";
  bool flame_ = false;
  bool stack_ = false;
  bool no_calls_ = false;
  bool slope_ = false;
  bool clock_ = false;
  bool utc_ = false;
};

}  // namespace

std::unique_ptr<Command> make_plot_command() {
  return std::make_unique<PlotCommand>();
}

}  // namespace mprofpp::app
