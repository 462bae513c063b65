// Reads any recording and draws it. Finds its peaks, and draws an SVG of every view, which must be UTF-8 and
// contain only finite coordinates.

#include <algorithm>
#include <cmath>
#include <string>

#include "expect.hpp"
#include "mprofpp/analysis/peak.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/chart/build.hpp"
#include "mprofpp/dat/decode.hpp"
#include "mprofpp/render/layout.hpp"
#include "mprofpp/render/svg/svg.hpp"
#include "mprofpp/store/held_values.hpp"
#include "target.hpp"

namespace mprofpp::fuzz {
namespace {

/// Passes the records of the lines to the sink. Returns false if a line has a format that this version does
/// not support.
bool feed(std::string_view text, model::Sink& sink) {
  store::HeldValues values(sink);
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto known = dat::decode_line(text.substr(0, end), values);
    if (!known && known.error().code == Errc::unsupported) return false;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  values.finish();
  return true;
}

class FirstAndLast : public model::Sink {
 public:
  using Sink::take;
  void take(const model::Sample& sample) override { widen(sample.t, sample.mib); }
  void take(const model::ChildSample& sample) override { widen(sample.t, sample.mib); }

  /// True if all values could be amounts of memory. With larger ones the labels of the axis are wider
  /// than the page.
  bool is_drawable() const { return drawable_; }

  analysis::Grid grid(analysis::Grid::Outside outside) const {
    constexpr std::size_t columns = 120;
    return {first_, first_, last_, columns, outside};
  }

 private:
  void widen(Instant t, double mib) {
    drawable_ =
        drawable_ && !(std::isfinite(mib) && std::abs(mib) > 1e13);  // more than 64 bits of bytes
    first_ = is_first_ ? t : std::min(first_, t);
    last_ = is_first_ ? t : std::max(last_, t);
    is_first_ = false;
  }

  Instant first_;
  Instant last_;
  bool is_first_ = true;
  bool drawable_ = true;
};

void check_svg(const std::string& svg) {
  expect(to_valid_utf8(svg) == svg, "a picture is UTF-8");
  expect(svg.find("</svg>") != std::string::npos, "a picture has an end");
  for (auto at = svg.find(" d=\""); at != std::string::npos; at = svg.find(" d=\"", at + 1)) {
    const auto begin = at + 4;
    const auto path = std::string_view(svg).substr(begin, svg.find('"', begin) - begin);
    const auto wrong = path.find_first_not_of("MLHVZmlhvz0123456789.,- ");
    expect(wrong == std::string_view::npos, "every coordinate is finite");
  }
}

void check_pictures(const analysis::History& history,
                    const std::vector<chart::ChartOptions>& views) {
  if (!history.has_samples()) return;
  expect(history.first() <= history.last(), "a history starts before it ends");
  for (const auto& wanted : views) {
    const auto figure = chart::build({{history, "one"}}, wanted);
    const auto page = render::natural_page(figure, chart::Theme::light);
    check_svg(render::to_svg(render::lay_out(figure, page, render::TableMeasure())));
  }
}

}  // namespace

void check(std::string_view bytes) {
  FirstAndLast range;
  if (!feed(bytes, range) || !range.is_drawable()) return;
  const std::vector<chart::ChartOptions> views = {
      {.slope = chart::Slope::line},
      {.view = chart::View::stack, .time = chart::TimeAxis::Kind::clock},
      {.lanes = chart::Lanes::flame, .box_colour = chart::BoxColour::growth},
  };
  for (const auto outside : {analysis::Grid::Outside::widen, analysis::Grid::Outside::cut}) {
    analysis::HistoryFold history(range.grid(outside));
    feed(bytes, history);
    check_pictures(history.finish(), views);
  }
  analysis::PeakFold peaks;
  feed(bytes, peaks);
  const auto report = peaks.report();
  if (report.sampled) expect(report.sampled->mib == report.sampled->mib, "a peak is a number");
}

}  // namespace mprofpp::fuzz
