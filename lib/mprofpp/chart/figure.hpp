#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/analysis/thinner.hpp"
#include "mprofpp/chart/palette.hpp"
#include "mprofpp/chart/ticks.hpp"

/// A chart in data units: seconds since the start of the time axis, and MiB. The module render decides how it
/// is drawn. All texts are valid UTF-8 on one line.
namespace mprofpp::chart {

using analysis::Point;
using analysis::Stroke;

enum class Dash { solid, dashed };
enum class Weight { heavy, light, fine };

/// A line, e.g. a process over time.
struct Curve {
  std::string tooltip = {};
  Hue hue = {};
  Dash dash = Dash::solid;
  Weight weight = Weight::light;
  std::vector<Stroke> strokes = {};
};

/// The area between two lines with the same points in time: a stacked layer, or the range that many curves
/// cover together.
struct Area {
  std::string tooltip = {};
  Hue hue = {};
  Dash dash = Dash::solid;  ///< of its upper edge
  double opacity = 1;
  std::vector<Point> upper = {};
  std::vector<Point> lower = {};
};

/// A call on a curve, with its start and its end.
struct Bracket {
  std::string tooltip = {};
  Hue hue = {};
  Point opening = {};
  Point closing = {};
  int levels_within = 0;  ///< of calls that it may make: it is taller than their brackets
  bool is_open = false;   ///< it had not ended, so there is no closing bracket
};

/// Something that happened to a process, for the time axis.
struct EventTick {
  enum class Kind { birth, change, death };

  Kind kind = Kind::birth;
  double seconds = 0;
  Hue hue = {};  ///< of the process
  std::string tooltip = {};
};

/// The bytes of a name that should be visible even if there is no room for the whole name: they distinguish
/// it from the other names.
struct DistinguishingPart {
  std::size_t begin = 0;
  std::size_t end = 0;

  friend bool operator==(const DistinguishingPart&, const DistinguishingPart&) = default;
};

/// A highest sample. `labels` has the full label first and then shorter ones for less room; it is empty for a
/// dot without a label.
struct Peak {
  Point at = {};
  Hue hue = {};
  Weight weight = Weight::light;
  std::vector<std::string> labels = {};
};

/// The name of a curve, for its end.
struct EndLabel {
  Point at = {};  ///< where the curve ends
  Hue hue = {};
  Weight weight = Weight::light;
  std::string name = {};
  /// As in LanePanel.
  std::size_t title = std::string::npos;
  DistinguishingPart distinguishing_part = {};
  std::string value = {};  ///< its peak
};

/// A level without a time: the peak that the kernel recorded, a limit, or the level that a curve will reach.
struct Level {
  enum class Kind { kernel_peak, limit, expected };
  /// A limit or an expected level that is far above all curves is only named at the upper edge.
  enum class Place { in_chart, above_chart };

  double mib = 0;
  std::vector<std::string> labels = {};
  Kind kind = Kind::kernel_peak;
  Place place = Place::in_chart;
};

/// A straight line through a curve.
struct Trend {
  Hue hue = {};
  Dash dash = Dash::solid;
  Point from = {};
  Point to = {};
};

/// The least memory in a stretch of time.
struct Floor {
  double from = 0;  ///< seconds
  double to = 0;
  double mib = 0;
};

/// A step of memory that stays.
struct StepMark {
  double seconds = 0;
  double from_mib = 0;
  double to_mib = 0;
  std::string label = {};  ///< "+8.0 MiB"
};

/// The things on a curve that decide whether it leaks.
struct LeakMarks {
  std::string tooltip = {};
  Hue hue = {};
  std::vector<Floor> floors = {};
  std::vector<Point> line = {};  ///< through the floors; empty if they do not grow
  Dash dash = Dash::solid;       ///< dashed if the growth is not certain
  std::vector<Point> upper =
      {};  ///< the ends of the line's 95 % interval, at the same points in time
  std::vector<Point> lower = {};
  std::vector<std::string> labels =
      {};  ///< of the line: the full label first and then shorter ones
  std::vector<StepMark> steps = {};
};

/// A point in time with a name.
struct Flag {
  double seconds = 0;
  std::string text = {};
};

/// One call in a lane, or several merged calls.
struct Box {
  std::string name = {};
  std::string tooltip = {};
  Hue hue = {};
  double begin = 0;
  double end = 0;
  int row = 0;
  double growth = analysis::unknown;  ///< MiB
  std::size_t tint = 0;               ///< shade of a process's colour: 0 is the lightest
  bool is_open = false;
  bool is_merged = false;
  /// The row of its function in the last table of the legend, if it has one.
  std::optional<std::size_t> legend_row = {};
};

/// Outer calls next to each other, with the calls that they make in the rows below.
struct Track {
  int rows = 0;
  /// If room is short, the tracks with the lowest ranks are shown. Ranks ascend within a panel.
  std::size_t rank = 0;
  std::vector<Box> boxes = {};
};

/// A thread, greenlet or task with its calls, or several that share tracks.
struct LanePanel {
  std::string name = {};
  /// Length in bytes of the title at the start of the name. The title may be cut, the pid after it may not.
  std::size_t title = std::string::npos;
  DistinguishingPart distinguishing_part = {};
  std::optional<Hue> hue = {};  ///< of its process, if that is what colours mean
  std::vector<Track> tracks = {};
  std::size_t tracks_left_out = 0;
};

/// The meaning of a box's colour: its process, its function, or the memory that it added.
enum class BoxColour { process, function, growth };

struct Flame {
  BoxColour colour = BoxColour::function;
  double growth_scale = 0;  ///< MiB at the ends of the diverging scale, from single calls
  std::vector<LanePanel> panels = {};
  std::size_t processes = 0;        ///< their first tracks have the lowest ranks
  std::size_t tracks_left_out = 0;  ///< of panels that are left out completely
};

/// A small chart of one process or recording. All panels of a figure have the same axes.
struct Panel {
  std::string name = {};
  /// As in LanePanel.
  std::size_t title = std::string::npos;
  DistinguishingPart distinguishing_part = {};
  std::string value = {};  ///< its peak
  std::string tooltip = {};
  Hue hue = {};
  Dash dash = Dash::solid;
  std::vector<Stroke> strokes = {};
  Point peak = {};
};

/// A period in which a function was called.
struct StripBlock {
  double begin = 0;
  double end = 0;
  double density = 0;  ///< the share of the time in which calls ran, more than 0 and at most 1
};

/// A row below the memory chart: it shows when a function was called, or how much memory the objects of a
/// type took.
struct Strip {
  std::string name = {};
  std::string detail = {};  ///< "+52.0 MiB · 600 calls"
  std::string tooltip = {};
  Hue hue = {};
  std::vector<StripBlock> blocks = {};
  std::vector<Point> levels =
      {};  ///< of a type: each holds until the next one, the last one is the end
};

enum class Symbol { line, area, bracket, box, none };

struct LegendRow {
  Symbol symbol = Symbol::line;
  Hue hue = {};
  Dash dash = Dash::solid;
  Weight weight = Weight::light;
  std::string name = {};
  /// As in LanePanel.
  std::size_t title = std::string::npos;
  DistinguishingPart distinguishing_part = {};
  std::vector<std::string> cells = {};  ///< one per column of the table
};

/// A table of the legend. Its rows are in the order of importance: if room is short, the last ones are left
/// out.
struct LegendTable {
  std::string heading = {};
  std::vector<std::string> columns = {};
  std::vector<LegendRow> rows = {};
  std::size_t left_out = 0;  ///< number of things without a row
};

struct Figure {
  std::string title = {};
  std::vector<std::string> summary = {};  ///< parts of one line, the most important first
  std::string subtitle = {};              ///< where and when it was recorded
  std::string memory_name = {};           ///< "RSS"
  std::string time_name = {};             ///< "time", "UTC"
  TimeAxis axis = {};
  Range time = {};    ///< seconds
  Range memory = {};  ///< MiB, of everything drawn

  std::vector<Area> areas = {};
  std::vector<Curve> curves = {};  ///< in the order of drawing: the most important last
  std::vector<Bracket> brackets = {};
  std::vector<Peak> peaks = {};  ///< the most important first
  /// The names of all curves. They may replace the first table of the legend.
  std::vector<EndLabel> ends = {};
  std::vector<Level> levels = {};
  std::vector<Trend> trends = {};
  std::vector<LeakMarks> leaks = {};  ///< one for each judged recording
  std::vector<Flag> flags = {};
  std::vector<EventTick> events = {};
  std::optional<Flame> flame = {};
  std::vector<Panel> panels = {};  ///< if there are any, they are drawn instead of all others
  std::size_t panels_left_out = 0;
  std::vector<Strip> strips = {};  ///< the most important first
  std::vector<LegendTable> legend = {};
};

/// Returns true if the memory axis of such a range starts at zero. Otherwise curves that vary by less than a
/// quarter would be flat lines above an empty chart.
bool starts_at_zero(Range memory);

}  // namespace mprofpp::chart
