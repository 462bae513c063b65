#include "options/plot_options.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "console/colours.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/render/layout.hpp"
#include "options/recording_argument.hpp"
#include "options/time_window.hpp"

namespace mprofpp::app {
namespace {

Result<model::Metric> parse_metric(std::string_view option, std::string_view name) {
  const auto metric = model::metric_of(name);
  if (metric) return *metric;
  return fail(Errc::invalid_argument, std::string(option) + " " + std::string(name),
              "is not a metric", "use rss, pss, uss, swap, vms, anon or file");
}

/// Reads the metrics of a list such as `anon,file`, which is given to `option` after the separator.
Result<std::vector<model::Metric>> parse_metrics(std::string_view option, char separator,
                                                 const std::string& list) {
  std::vector<model::Metric> metrics;
  std::size_t begin = 0;
  while (begin <= list.size()) {
    const auto end = std::min(list.find(',', begin), list.size());
    const auto name = list.substr(begin, end - begin);
    if (name.empty()) {
      return fail(Errc::invalid_argument, std::string(option) + separator + list,
                  "a name in the list is empty");
    }
    const auto metric = parse_metric(option, name);
    if (!metric) return Failure(metric.error());
    metrics.push_back(*metric);
    begin = end + 1;
  }
  return metrics;
}

bool has_twins(std::vector<model::Metric> metrics) {
  std::sort(metrics.begin(), metrics.end());
  return std::adjacent_find(metrics.begin(), metrics.end()) != metrics.end();
}

/// Returns true if no memory is part of two of the metrics.
bool are_disjoint(const std::vector<model::Metric>& metrics) {
  using model::Metric;
  if (metrics.size() == 1) return true;
  return !has_twins(metrics) && std::all_of(metrics.begin(), metrics.end(), [](Metric metric) {
    return metric == Metric::anon || metric == Metric::file || metric == Metric::swap;
  });
}

/// Returns true if the first file is none, but a metric that was given to --stack without an equals sign.
bool is_metric_list(const std::vector<std::string>& files) {
  std::error_code ignored;
  return !files.empty() && !std::filesystem::exists(files.front(), ignored) &&
         parse_metrics("--stack", '=', files.front()).has_value();
}

}  // namespace

using render::PictureLook;

void PlotOptions::bind(CLI::App& app) {
  app.add_option("file", files_, "recordings, indices, or - for stdin")->type_name("[FILE …]");
  bind_picture(app);
  bind_terminal(app);
  bind_contents(app);
}

void PlotOptions::bind_picture(CLI::App& app) {
  app.add_option("-o,--output", output_,
                 "the picture, whose suffix .png, .svg or .pdf selects\n"
                 "the format, or with .html a page to explore in a\n"
                 "browser; - is stdout\n"
                 "(default: <recording>.png in this folder, or with the\n"
                 "suffix of --format)")
      ->type_name("FILE");
  app.add_option("--format", format_,
                 "png, svg, pdf or html\n"
                 "(default: the format of FILE's suffix)")
      ->type_name("FORMAT");
  app.add_option("-t,--title", title_, "the title (default: the command that was recorded)")
      ->type_name("TEXT");
  app.add_option("--size", size_,
                 "width and height of the picture in pixels\n"
                 "(default: 1200x540, or higher with --flame), or with\n"
                 "--term in characters (default: the terminal's)")
      ->type_name("WxH");
  app.add_option("--dpi", dpi_,
                 "pixels per inch; text and lines grow with it\n"
                 "(default: 96)")
      ->type_name("N");
  app.add_option("--theme", theme_, "light or dark (default: light)")->type_name("THEME");
  app.add_option("--label", labels_,
                 "the name of a recording on the chart; repeat it for\n"
                 "each file (default: the name of the file)")
      ->type_name("TEXT")
      ->expected(1)
      ->take_all();
  app.add_option("--backend", backend_, "ignored (for compatibility with mprof)")
      ->type_name("NAME");
}

void PlotOptions::bind_terminal(CLI::App& app) {
  app.add_flag("--term", is_terminal_,
               "print a chart of text instead; on a terminal, it is also\n"
               "printed when a picture is written");
  app.add_flag("--ascii", is_ascii_, "print only ASCII (default: unless the locale is UTF-8)");
  app.add_option("--color", color_,
                 "auto, always or never: whether text has colours\n"
                 "(default: auto, on a terminal)")
      ->type_name("WHEN");
}

void PlotOptions::bind_contents(CLI::App& app) {
  app.add_option("-w,--window", window_,
                 "draw only this time window, counted from the start:\n"
                 "10,20 or 1m30s,2m")
      ->type_name("FROM,TO");
  app.add_option("--run", run_,
                 "draw the N-th run of a file with several runs\n"
                 "(default: the last)")
      ->type_name("N");
  app.add_flag("-f,--flame", flame_,
               "draw calls as nested boxes, with one lane per thread or\n"
               "task");
  app.add_option("--color-by", color_by_,
                 "colour calls by process, by function or, with --flame,\n"
                 "by growth, the memory that a call added\n"
                 "(default: process if several have a curve, else\n"
                 "function)")
      ->type_name("BY");
  app.add_option("--metric", metric_,
                 "draw rss, pss, uss, swap, vms, anon or file, if the\n"
                 "recording has it (default: the metric of its MEM lines);\n"
                 "with several, such as rss,anon,file, a curve of the\n"
                 "total in each")
      ->type_name("LIST");
  app.add_option_function<std::string>(
         "--stack",
         [this](const std::string& metrics) {
           is_stack_ = true;
           stack_ = metrics;
         },
         "draw the processes as areas on top of each other; with\n"
         "--stack=anon,file,swap or some of them, those of the\n"
         "total")
      ->type_name("LIST")
      ->expected(0, 1);
  app.add_option("--limit", limit_, "draw a line at this size, such as 512MiB")->type_name("SIZE");
  app.add_flag("--panels", panels_,
               "draw a small chart for each process, or for each\n"
               "recording if you name several, with the same axes");
  app.add_flag("-n,--no-function-ts", no_calls_, "do not draw calls and marks");
  app.add_flag("-s,--slope", slope_,
               "draw a straight line through each curve, without\n"
               "start and end, and print its slope");
  app.add_flag("--leak", leak_,
               "judge whether the memory grows, as mprofpp leak does,\n"
               "and draw what decides: the floors, the line through\n"
               "them and its 95 % interval");
  app.add_flag("--clock", clock_, "show the time of day, not the time since the start");
  app.add_flag("--utc", utc_, "like --clock, but in UTC");
}

Result<PlotRequest> PlotOptions::make() const {
  using Clock = PlotRequest::Clock;
  PlotRequest request;
  request.files = files_;
  request.labels = labels_;
  request.output = output_;
  request.chart = chart();
  if (is_terminal_) request.terminal = PlotRequest::Terminal::always;
  if (is_ascii_) request.letters = render::Letters::ascii;
  request.leak = leak_;
  request.clock = utc_ ? Clock::utc : clock_ ? Clock::local : Clock::none;
  const auto done = convert_names(request)
                        .and_then([&] { return convert_format(request); })
                        .and_then([&] { return convert_metrics(request); })
                        .and_then([&] { return check_combinations(); })
                        .and_then([&] { return check_terminal(); })
                        .and_then([&] { return convert_sizes(request); })
                        .and_then([&] { return convert_numbers(request); });
  if (!done) return Failure(done.error());
  return request;
}

chart::ChartOptions PlotOptions::chart() const {
  chart::ChartOptions chart;
  chart.title = title_;
  if (flame_) chart.lanes = chart::Lanes::flame;
  if (is_stack_) chart.view = chart::View::stack;
  if (panels_) chart.view = chart::View::panels;
  if (no_calls_) chart.calls = chart::Calls::hidden;
  if (slope_) chart.slope = chart::Slope::line;
  if (clock_ || utc_) chart.time = chart::TimeAxis::Kind::clock;
  return chart;
}

std::string PlotOptions::meaning() const {
  return !color_by_.empty() || colour_choice(color_) ? color_by_ : color_;
}

Result<void> PlotOptions::convert_names(PlotRequest& request) const {
  if (theme_ == "dark")
    request.look.theme = chart::Theme::dark;
  else if (theme_ && theme_ != "light")
    return fail(Errc::invalid_argument, "--theme " + *theme_, "is neither light nor dark");
  const auto by = meaning();
  if (by == "growth")
    request.chart.box_colour = chart::BoxColour::growth;
  else if (by == "function")
    request.chart.box_colour = chart::BoxColour::function;
  else if (by == "process")
    request.chart.box_colour = chart::BoxColour::process;
  else if (by.empty())
    return {};
  else if (color_by_.empty())
    return fail(Errc::invalid_argument, "--color " + color_, "is not auto, always or never");
  else
    return fail(Errc::invalid_argument, "--color-by " + by, "is not process, function or growth");
  return {};
}

Result<void> PlotOptions::convert_metrics(PlotRequest& request) const {
  if (!metric_.empty()) {
    auto metrics = parse_metrics("--metric", ' ', metric_);
    if (!metrics) return Failure(metrics.error());
    if (has_twins(*metrics)) {
      return fail(Errc::invalid_argument, "--metric " + metric_, "has a metric twice");
    }
    if (metrics->size() == 1)
      request.metric = metrics->front();
    else
      request.chart.total_metrics = std::move(*metrics);
  }
  if (!is_stack_ || stack_.empty()) return {};
  auto stacked = parse_metrics("--stack", '=', stack_);
  if (!stacked) return Failure(stacked.error());
  if (!are_disjoint(*stacked)) {
    return fail(Errc::invalid_argument, "--stack=" + stack_,
                "only anon, file and swap may be combined, each once; other metrics contain each "
                "other",
                "use --stack=anon,file,swap, or --metric for one metric");
  }
  request.chart.total_metrics = std::move(*stacked);
  return {};
}

/// Returns true if the format or, without one, the suffix of the output is that of a page.
bool PlotOptions::is_page() const {
  if (!format_.empty()) return format_ == "html";
  const auto dot = output_.rfind('.');
  if (dot == std::string::npos) return false;
  const auto suffix = upper(output_.substr(dot));
  return suffix == ".HTML" || suffix == ".HTM";
}

/// Checks that there is no option that only pictures have.
Result<void> PlotOptions::check_page() const {
  if (!is_page()) return {};
  const std::pair<bool, const char*> options[] = {{flame_, "--flame"},
                                                  {is_stack_, "--stack"},
                                                  {panels_, "--panels"},
                                                  {slope_, "--slope"},
                                                  {clock_, "--clock"},
                                                  {utc_, "--utc"},
                                                  {!size_.empty(), "--size"},
                                                  {!dpi_.empty(), "--dpi"},
                                                  {theme_.has_value(), "--theme"},
                                                  {!meaning().empty(), "--color-by"},
                                                  {!labels_.empty(), "--label"},
                                                  {is_terminal_, "--term"},
                                                  {is_ascii_, "--ascii"}};
  for (const auto& [is_given, option] : options) {
    if (!is_given) continue;
    return fail(Errc::invalid_argument, option, "is for pictures, not for a page of HTML",
                "leave it out, or use -o with .png, .svg or .pdf");
  }
  if (files_.size() > 1) {
    return fail(Errc::invalid_argument, files_[1], "a page of HTML shows one recording",
                "write one page for each, or use -o with .png, .svg or .pdf");
  }
  return {};
}

Result<void> PlotOptions::convert_format(PlotRequest& request) const {
  request.is_page = is_page();
  if (request.is_page) return {};
  if (!format_.empty()) {
    const auto format = render::picture_format("." + format_);
    if (!format) {
      return fail(Errc::invalid_argument, "--format " + format_, "is not png, svg, pdf or html");
    }
    request.format = *format;
    return {};
  }
  if (output_.empty()) return {};
  if (output_ == "-") {
    return fail(Errc::invalid_argument, "-o -", "the format of the picture is not known",
                "add --format png, svg, pdf or html");
  }
  const auto format = render::picture_format(output_);
  if (!format) return Failure(format.error());
  return {};
}

Result<void> PlotOptions::check_views() const {
  if (is_stack_ && is_metric_list(files_)) {
    return fail(Errc::invalid_argument, files_.front(), "is a metric and not a recording",
                "write --stack=" + files_.front());
  }
  const bool several = files_.size() > 1;
  if (several && flame_) {
    return fail(Errc::invalid_argument, "--flame",
                "draws the calls of one recording, not of several");
  }
  if (several && is_stack_) {
    return fail(Errc::invalid_argument, "--stack",
                "draws the processes of one recording, not of several");
  }
  if (panels_ && (flame_ || is_stack_ || slope_ || !limit_.empty())) {
    return fail(Errc::invalid_argument, "--panels",
                "draws one curve in each chart, so it does not go with --flame, --stack, --slope "
                "or --limit");
  }
  if (leak_ && (panels_ || is_stack_)) {
    return fail(Errc::invalid_argument, "--leak",
                std::string("draws on the curve that decides, so it does not go with ") +
                    (panels_ ? "--panels" : "--stack"));
  }
  if (!stack_.empty() && slope_) {
    return fail(Errc::invalid_argument, "--slope",
                "draws a line through the total and the processes, but --stack=" + stack_ +
                    " draws neither");
  }
  return {};
}

/// Checks that nothing needs a single metric, or its processes, if several are to be drawn.
Result<void> PlotOptions::check_metrics() const {
  if (metric_.find(',') == std::string::npos) return {};
  const auto place = "--metric " + metric_;
  const std::pair<bool, const char*> options[] = {
      {is_stack_, "--stack"}, {panels_, "--panels"}, {leak_, "--leak"}};
  for (const auto& [is_given, option] : options) {
    if (!is_given) continue;
    return fail(Errc::invalid_argument, place, std::string(option) + " draws one metric",
                "leave it out, or name one metric");
  }
  if (files_.size() > 1) {
    return fail(Errc::invalid_argument, place, "several metrics can be drawn of one recording only",
                "name one metric, or one recording");
  }
  if (is_page()) {
    return fail(Errc::invalid_argument, place,
                "a page of HTML has all metrics, and shows one of them first", "name that one");
  }
  return {};
}

Result<void> PlotOptions::check_combinations() const {
  if (auto good = check_page(); !good) return good;
  if (auto good = check_views(); !good) return good;
  if (auto good = check_metrics(); !good) return good;
  if (!stack_.empty() && !metric_.empty()) {
    return fail(Errc::invalid_argument, "--metric",
                "draws one metric, but --stack=" + stack_ + " draws several");
  }
  if (flame_ && no_calls_) {
    return fail(Errc::invalid_argument, "--flame",
                "draws calls, but --no-function-ts leaves them out");
  }
  if (meaning() == "growth" && !flame_) {
    return fail(Errc::invalid_argument, "--color-by growth", "colours the boxes of --flame",
                "add --flame");
  }
  if (labels_.size() > std::max<std::size_t>(files_.size(), 1)) {
    return fail(Errc::invalid_argument, "--label", "there are more labels than recordings");
  }
  return {};
}

Result<void> PlotOptions::check_terminal() const {
  if (is_terminal_ && output_ == "-") {
    return fail(Errc::invalid_argument, "--term", "prints to stdout, where -o - writes the picture",
                "leave out -o -, or use -o FILE");
  }
  if (is_terminal_ && !output_.empty() && !size_.empty()) {
    return fail(Errc::invalid_argument, "--size " + size_,
                "could be the size of the picture of -o or of the text of --term",
                "leave out one of them");
  }
  return {};
}

Result<void> PlotOptions::convert_sizes(PlotRequest& request) const {
  if (size_.empty()) return {};
  if (is_terminal_) {
    const auto size = text_size(size_);
    if (!size) return Failure(size.error());
    request.columns = size->columns;
    request.rows = size->rows;
    return {};
  }
  auto look = with_size(request.look, size_);
  if (!look) return Failure(std::move(look.error()));
  request.look = *look;
  return {};
}

Result<void> PlotOptions::convert_numbers(PlotRequest& request) const {
  if (!window_.empty()) {
    auto window = parse_window(window_);
    if (!window) return Failure(std::move(window.error()));
    request.window = *window;
  }
  const auto run = parse_run_number(run_);
  if (!run) return Failure(run.error());
  request.run = *run;
  if (!limit_.empty()) {
    const auto limit = parse_size(limit_);
    if (!limit || limit->count() <= 0) {
      return fail(Errc::invalid_argument, "--limit " + limit_, "is not a size", "write 512MiB");
    }
    request.chart.limit_mib = limit->mebibytes();
  }
  if (!dpi_.empty()) {
    auto look = with_dpi(request.look, dpi_);
    if (!look) return Failure(std::move(look.error()));
    request.look = *look;
  }
  return {};
}

Result<PictureLook> with_size(PictureLook look, const std::string& text) {
  const auto x = std::min(text.find('x'), text.size());
  const auto side = [](std::string_view digits) {
    const double pixels = parse_number(digits).value_or(0);
    return pixels >= render::smallest_side && pixels <= render::largest_side ? pixels : 0;
  };
  look.width = side(std::string_view(text).substr(0, x));
  look.height = side(std::string_view(text).substr(std::min(x + 1, text.size())));
  if (look.width == 0 || look.height == 0) {
    return fail(Errc::invalid_argument, "--size " + text,
                "is not a width and a height from 200 to 20000 pixels", "write 1600x900");
  }
  return look;
}

Result<TextSize> text_size(const std::string& text) {
  const auto x = std::min(text.find('x'), text.size());
  const auto columns = parse_integer<int>(std::string_view(text).substr(0, x)).value_or(0);
  const auto rows =
      parse_integer<int>(std::string_view(text).substr(std::min(x + 1, text.size()))).value_or(0);
  constexpr int most_rows = 1000;
  const bool is_good = columns >= render::fewest_columns && columns <= render::most_columns &&
                       rows >= 1 && rows <= most_rows;
  if (!is_good) {
    return fail(Errc::invalid_argument, "--size " + text,
                "is not 20 to 500 columns and 1 to 1000 rows of text", "write 100x30");
  }
  return TextSize{columns, rows};
}

Result<PictureLook> with_dpi(PictureLook look, const std::string& text) {
  const auto dpi = parse_number(text);
  if (!dpi || !(*dpi >= 20 && *dpi <= 1200)) {
    return fail(Errc::invalid_argument, "--dpi " + text, "is not a number from 20 to 1200");
  }
  look.dpi = *dpi;
  return look;
}

}  // namespace mprofpp::app
