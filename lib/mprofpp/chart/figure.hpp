#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/analysis/thinner.hpp"
#include "mprofpp/chart/palette.hpp"
#include "mprofpp/chart/ticks.hpp"

/// What is to be seen, in data units: seconds since the axis's start and MiB. How it is drawn is
/// render's affair. Texts are valid UTF-8 on one line.
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

/// The area between two lines with the same points in time: a stacked layer, or what many curves
/// cover together.
struct Area {
  std::string tooltip = {};
  Hue hue = {};
  Dash dash = Dash::solid;  ///< its upper edge
  double opacity = 1;
  std::vector<Point> upper = {};
  std::vector<Point> lower = {};
};

/// A call on a curve: where it began and ended.
struct Bracket {
  std::string tooltip = {};
  Hue hue = {};
  Point opening = {};
  Point closing = {};
  int levels_within = 0;  ///< of calls it may make: it is drawn higher, around theirs
  bool is_open = false;   ///< the recording ended first: no closing bracket
};

/// A highest sample. `texts` says it in full, then shorter for where there is less room; empty for
/// a mark without words.
struct Peak {
  Point at = {};
  Hue hue = {};
  Weight weight = Weight::light;
  std::vector<std::string> texts = {};
};

/// A height that has no time: the kernel's own peak.
struct Level {
  double mib = 0;
  std::vector<std::string> texts = {};
};

/// A straight line through a curve.
struct Trend {
  Hue hue = {};
  Dash dash = Dash::solid;
  Point from = {};
  Point to = {};
};

/// A point in time with a name.
struct Flag {
  double seconds = 0;
  std::string text = {};
};

/// One call, or several merged, in a lane.
struct Box {
  std::string name = {};
  std::string tooltip = {};
  Hue hue = {};
  double begin = 0;
  double end = 0;
  int row = 0;
  double growth = analysis::unknown;  ///< MiB
  bool is_open = false;
  bool is_merged = false;
};

/// A thread, greenlet or task with its calls.
struct LanePanel {
  std::string name = {};
  int rows = 0;
  std::vector<Box> boxes = {};
};

/// What the colour of a box says.
enum class BoxColour { function, growth };

struct Flame {
  BoxColour colour = BoxColour::function;
  double growth_scale = 0;  ///< MiB at the ends of the diverging scale
  std::vector<LanePanel> lanes = {};
  std::size_t lanes_left_out = 0;
};

enum class Symbol { line, area, bracket, box, none };

struct LegendRow {
  Symbol symbol = Symbol::line;
  Hue hue = {};
  Dash dash = Dash::solid;
  Weight weight = Weight::light;
  std::string name = {};
  std::vector<std::string> cells = {};  ///< one per column of the table
};

/// Rows in the order of their importance: where room is short the last ones go.
struct LegendTable {
  std::string heading = {};
  std::vector<std::string> columns = {};
  std::vector<LegendRow> rows = {};
  std::size_t left_out = 0;  ///< things that have no row
};

struct Figure {
  std::string title = {};
  std::string subtitle = {};
  std::string memory_name = {};  ///< "RSS"
  std::string time_name = {};    ///< "time", "UTC"
  TimeAxis axis = {};
  Range time = {};    ///< seconds
  Range memory = {};  ///< MiB, of everything drawn

  std::vector<Area> areas = {};
  std::vector<Curve> curves = {};  ///< in the order of drawing: the most important last
  std::vector<Bracket> brackets = {};
  std::vector<Peak> peaks = {};  ///< the most important first
  std::vector<Level> levels = {};
  std::vector<Trend> trends = {};
  std::vector<Flag> flags = {};
  std::optional<Flame> flame = {};
  std::vector<LegendTable> legend = {};
};

}  // namespace mprofpp::chart
