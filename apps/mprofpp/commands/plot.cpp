#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/hints.hpp"
#include "cli/layout.hpp"
#include "console/local_time.hpp"
#include "mprofpp/base/file.hpp"
#include "mprofpp/report/history.hpp"
#include "mprofpp/report/labels.hpp"
#include "mprofpp/report/leaks.hpp"
#include "options/plot_options.hpp"
#include "options/recording_argument.hpp"
#include "options/terminal_look.hpp"
#include "pages/html_page.hpp"

namespace mprofpp::app {
namespace {

using render::PictureFormat;
using report::TimedRun;

constexpr const char* stdout_name = "-";
constexpr std::string_view page_suffix = ".html";

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string without_suffix(const std::string& name) {
  return name.ends_with(".dat") ? name.substr(0, name.size() - 4) : name;
}

Result<std::vector<TimedRun>> find_runs(const PlotRequest& request, const Console& console) {
  std::vector<TimedRun> found;
  for (auto& run : choose_recordings(request.files, request.run, console)) {
    if (!run) return Failure(std::move(run.error()));
    auto timed = report::with_times(std::move(*run));
    if (!timed) return Failure(with_hint(Task::read_recording, std::move(timed.error())));
    found.push_back(std::move(*timed));
  }
  return found;
}

/// Returns the names of the runs on the chart.
std::vector<std::string> labels_of(const std::vector<TimedRun>& runs, const PlotRequest& request) {
  std::vector<std::string> names;
  for (const auto& timed : runs) names.push_back(timed.run.name);
  auto labels = report::short_labels(names);
  std::copy(request.labels.begin(), request.labels.end(), labels.begin());
  return labels;
}

/// Returns the first metric that is to be drawn and that the recording does not have.
std::optional<model::Metric> missing_metric(const analysis::History& history,
                                            const PlotRequest& request) {
  auto wanted = request.chart.total_metrics;
  if (request.metric) wanted.push_back(*request.metric);
  const auto known = history.metrics();
  for (const auto metric : wanted) {
    if (std::find(known.begin(), known.end(), metric) == known.end()) return metric;
  }
  return std::nullopt;
}

/// Returns true if there is a sample to draw.
bool has_anything(const analysis::History& history, const std::vector<model::Metric>& metrics) {
  const auto has_samples = [&](auto metric) { return !history.total_in(metric)->empty(); };
  return history.has_samples() &&
         (metrics.empty() || std::any_of(metrics.begin(), metrics.end(), has_samples));
}

Result<std::vector<chart::Source>> read_sources(const std::vector<TimedRun>& runs,
                                                const PlotRequest& request,
                                                const Console& console) {
  const auto columns =
      static_cast<std::size_t>(std::max(render::picture_width(request.look), 100.0));
  const auto labels = labels_of(runs, request);
  using analysis::Grid;
  const bool has_trends = request.chart.slope == chart::Slope::line;
  const report::HistoryRequest history_request = {
      .window = request.window,
      .columns = columns,
      .metric = request.metric,
      .trends = has_trends ? Grid::Trends::fitted : Grid::Trends::none};
  std::vector<chart::Source> sources;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    auto history = report::read_history(runs[i], history_request);
    if (!history) return Failure(with_hint(Task::read_recording, std::move(history.error())));
    if (history->first_damage) {
      console.warn(
          report::damage_text(runs[i].run, history->damaged_lines, *history->first_damage));
    }
    if (const auto missing = missing_metric(*history, request)) {
      auto error = report::no_such_metric(runs[i], *history, *missing);
      error.hint = "record it with run --metrics " + std::string(model::name_of(*missing));
      return Failure(std::move(error));
    }
    if (!has_anything(*history, request.chart.total_metrics)) {
      return Failure(report::nothing_to_draw(runs[i], request.window));
    }
    sources.push_back({std::move(*history), labels[i]});
  }
  return sources;
}

/// Adds the judgements of the runs to their sources, within the window that is drawn.
Result<void> add_judgements(std::vector<chart::Source>& sources, const std::vector<TimedRun>& runs,
                            const PlotRequest& request) {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    leak::Question question{.metric = request.metric, .limit_mib = request.chart.limit_mib};
    if (request.window) {
      const auto window = report::window_in(runs[i].run, *request.window);
      if (!window) return Failure(with_hint(Task::read_recording, window.error()));
      question.window = *window;
    }
    auto judged = report::read_leak(runs[i].run, question);
    if (!judged) return Failure(with_hint(Task::read_recording, std::move(judged.error())));
    sources[i].leak = std::move(*judged);
  }
  return {};
}

std::string output_of(const PlotRequest& request, const std::vector<TimedRun>& runs) {
  if (!request.output.empty()) return request.output;
  const std::string suffix(request.is_page
                               ? page_suffix
                               : render::suffix_of(request.format.value_or(PictureFormat::png)));
  if (runs.size() > 1) return "recordings" + suffix;
  const auto& name = runs.front().run.name;
  return (name == "-" ? "recording" : without_suffix(file_name(name))) + suffix;
}

chart::ChartOptions chart_options(const PlotRequest& request, Instant start) {
  auto options = request.chart;
  options.bracket_places =
      static_cast<std::size_t>(render::picture_width(request.look) / request.look.dpi * 8);
  if (request.clock != PlotRequest::Clock::utc) {
    options.ahead_of_utc = local_ahead_of_utc;
    options.clock_name = local_time_name(start);
  }
  return options;
}

/// Returns true if no picture is written.
bool is_only_text(const PlotRequest& request) {
  return request.terminal == PlotRequest::Terminal::always && request.output.empty();
}

/// Returns how the chart of text is drawn.
render::TerminalLook text_look(const PlotRequest& request, const Console& console) {
  auto look = terminal_look(console, terminal_variables());
  look.letters = request.letters.value_or(look.letters);
  if (request.columns > 0) {
    look.columns = request.columns;
    look.rows = request.rows;
  } else if (!is_only_text(request) && look.rows > 0) {
    constexpr int most_rows = 24;
    look.rows = std::clamp(look.rows - 1, 1, most_rows);  // the path of the picture follows
  }
  return look;
}

/// Returns the chart of text; empty if none is to be printed.
std::string draw_text(const std::vector<chart::Source>& sources, chart::ChartOptions options,
                      const PlotRequest& request, const Console& console) {
  const bool is_printed = request.terminal == PlotRequest::Terminal::always ||
                          (console.stdout_width() > 0 && request.output != stdout_name);
  if (!is_printed) return {};
  if (options.calls == chart::Calls::shown) options.calls = chart::Calls::strips;
  return render::draw_terminal(chart::build(sources, options), text_look(request, console));
}

/// Draws and writes the picture. Returns the text to print to stdout: the name of the file or, with
/// `-o -`, the picture.
Result<std::string> draw_and_write(const chart::Figure& figure, PictureFormat format,
                                   const std::string& output, const render::PictureLook& look) {
  auto picture = render::draw_picture(figure, format, look, find_layout().draw);
  if (!picture) return Failure(with_hint(Task::draw_picture, std::move(picture.error())));
  if (output == stdout_name) return picture;
  if (auto written = replace_file(output, *picture); !written) {
    return Failure(with_hint(Task::write_output, std::move(written.error())));
  }
  return output + "\n";
}

/// Writes the page. Returns the text to print to stdout: the name of the file or, with `-o -`, the page.
Result<std::string> write_page(const TimedRun& run, const PlotRequest& request,
                               const std::string& output, const Console& console) {
  auto page = html_page(run, request, console);
  if (!page || output == stdout_name) return page;
  if (auto written = replace_file(output, *page); !written) {
    return Failure(with_hint(Task::write_output, std::move(written.error())));
  }
  return output + "\n";
}

/// Draws what was asked for. Returns the text to print to stdout.
Result<std::string> plot(const PlotRequest& request, const Console& console) {
  auto runs = find_runs(request, console);
  if (!runs) return Failure(std::move(runs.error()));
  if (request.clock != PlotRequest::Clock::none) report::share_start(*runs);
  const auto output = output_of(request, *runs);
  if (request.is_page) return write_page(runs->front(), request, output, console);
  const auto format =
      request.format ? Result<PictureFormat>(*request.format) : render::picture_format(output);
  if (!format) return Failure(format.error());

  auto sources = read_sources(*runs, request, console);
  if (!sources) return Failure(sources.error());
  if (request.leak) {
    if (auto judged = add_judgements(*sources, *runs, request); !judged) {
      return Failure(judged.error());
    }
  }
  const auto options = chart_options(request, runs->front().range.first);
  const auto text = draw_text(*sources, options, request, console);
  if (is_only_text(request)) return text;
  const auto written =
      draw_and_write(chart::build(*sources, options), *format, output, request.look);
  if (!written) return Failure(written.error());
  return text + *written;
}

class PlotCommand : public Command {
 public:
  void bind(CLI::App& app) override {
    app.description(
        "Draws the memory of recordings over time, or of the newest one in this folder if\n"
        "you name none. FILE is a recording, an index from mprofpp list (0 is the oldest,\n"
        "-1 the newest) or - for stdin.");
    options_.bind(app);
    app.footer(
        "Several recordings are drawn over each other, each from its own start; with\n"
        "--clock, each at the time when it was recorded.\n"
        "\n"
        "examples:\n"
        "  mprofpp plot -o server.png\n"
        "  mprofpp plot -o server.html server.dat\n"
        "  mprofpp plot -w 1m30s,2m --flame server.dat -o calls.svg\n"
        "  mprofpp plot before.dat after.dat --label before --label after --slope");
  }

  int run(const Console& console) override {
    const auto request = options_.make();
    if (!request) {
      console.report(request.error());
      return exit_status::usage;
    }
    const auto written = plot(*request, console);
    if (!written) {
      console.report(written.error());
      const bool is_usage = written.error().code == Errc::invalid_argument;
      return is_usage ? exit_status::usage : exit_status::failure;
    }
    console.print(*written);
    return exit_status::success;
  }

 private:
  PlotOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_plot_command() {
  return std::make_unique<PlotCommand>();
}

}  // namespace mprofpp::app
