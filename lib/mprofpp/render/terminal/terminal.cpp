#include "mprofpp/render/terminal/terminal.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "mprofpp/render/terminal/lanes.hpp"
#include "mprofpp/render/terminal/legend.hpp"
#include "mprofpp/render/terminal/page.hpp"
#include "mprofpp/render/terminal/plot.hpp"
#include "mprofpp/render/terminal/small_charts.hpp"

namespace mprofpp::render {
namespace {

constexpr int usual_plot_rows = 16;
constexpr int least_columns_for_legend_beside = 100;
constexpr int least_columns_with_flame = 140;  // boxes need room

/// The rows of a page, from the top.
struct Plan {
  int title = 0;
  int summary = 0;
  int flags = 0;
  int plot = 0;
  int axis = 0;
  int events = 0;
  int lanes = 0;
  int legend = 0;  ///< below the plot

  int above_plot() const { return title + summary + flags; }
  int above_lanes() const { return above_plot() + plot + axis + events; }
  int rows() const { return above_lanes() + lanes + legend; }
};

/// Gives rows to the parts of a page, as long as there are some.
class RowBudget {
 public:
  explicit RowBudget(int rows) : rows_(rows) {}

  int take(int wanted) {
    const int taken = std::clamp(wanted, 0, std::max(rows_, 0));
    rows_ -= taken;
    return taken;
  }
  /// Does the same, but leaves that many rows to others.
  int take(int wanted, int kept) { return take(std::min(wanted, std::max(rows_ - kept, 0))); }
  int rest() const { return rows_; }

 private:
  int rows_;
};

bool is_legend_beside(const chart::Figure& figure, const TerminalLook& look) {
  return look.columns >=
         (figure.flame ? least_columns_with_flame : least_columns_for_legend_beside);
}

int rows_of_flags(const chart::Figure& figure) {
  const auto is_shown = [&](const auto& flag) { return figure.time.contains(flag.seconds); };
  return std::any_of(figure.flags.begin(), figure.flags.end(), is_shown) ? 1 : 0;
}

/// Returns the rows that the plot gets at least.
int least_plot_rows(const chart::Figure& figure, int rows) {
  if (rows <= 3) return rows;
  return std::max(2, figure.flame ? rows * 3 / 10 : rows * 4 / 10);
}

Plan plan_of(const chart::Figure& figure, const TerminalLook& look,
             const std::vector<LegendItem>& items) {
  const int needed = lane_rows(figure);
  const int legend = is_legend_beside(figure, look) ? 0 : legend_rows(items, look.columns);
  const bool is_free = look.rows == 0;
  const int rows = is_free ? std::numeric_limits<int>::max() : look.rows;
  Plan plan;
  plan.plot = is_free ? usual_plot_rows : least_plot_rows(figure, rows);
  RowBudget budget(rows - plan.plot);
  plan.axis = budget.rest() >= 2 ? budget.take(2) : 0;
  plan.title = budget.take(1);
  plan.summary = budget.take(figure.summary.empty() ? 0 : 1);
  plan.flags = budget.take(rows_of_flags(figure));
  if (figure.flame) {
    const int most = look.colours == TerminalColours::none ? 4 : 2;  // letters need their names
    plan.legend = budget.take(std::min(legend, most), std::min(needed, 4));
    plan.lanes = budget.take(needed);
  } else {
    plan.lanes = budget.take(needed, std::min(legend, 2));
    plan.legend = budget.take(legend);
  }
  plan.events = budget.take(figure.events.empty() ? 0 : 1);
  if (!is_free) plan.plot += budget.rest();
  return plan;
}

void draw_title(const TerminalPage& page, const Plan& plan) {
  if (plan.title == 0) return;
  const int columns = page.canvas.columns();
  const auto title = fitted_text(page.figure.title, columns);
  page.canvas.put({0, 0}, title, page.ink.bold());
  const int subtitle = columns_of(page.figure.subtitle);
  if (columns_of(title) + 3 + subtitle <= columns) {
    page.canvas.put_before({0, columns}, page.figure.subtitle, page.ink.muted());
  }
}

/// Writes the parts of the summary that have room.
void draw_summary(const TerminalPage& page, const Plan& plan) {
  if (plan.summary == 0) return;
  std::string text;
  for (const auto& part : page.figure.summary) {
    auto longer = text;
    longer.append(text.empty() ? "" : " · ").append(part);
    if (!text.empty() && columns_of(longer) > page.canvas.columns()) break;
    text = std::move(longer);
  }
  const int columns = page.canvas.columns();
  page.canvas.put({plan.title, 0}, fitted_text(text, columns), {});
  const auto& name = page.figure.memory_name;
  if (columns_of(text) + 3 + columns_of(name) <= columns) {
    page.canvas.put_before({plan.title, columns}, name, page.ink.muted());
  }
}

/// Returns the columns to the left of the plot: labels of the axis, and names of lanes.
int columns_beside(const TerminalPage& page, const Plan& plan) {
  const int axis = memory_axis_columns(page.figure, plan.plot);
  if (axis + 8 > page.canvas.columns()) return 1;  // no room for labels
  if (plan.lanes == 0) return axis;
  const int names = lane_name_columns(page.figure) + 2;
  return std::max(axis, std::min(names, page.canvas.columns() / 4));
}

int columns_of_legend(const TerminalPage& page, const std::vector<LegendItem>& items) {
  if (!is_legend_beside(page.figure, page.look)) return 0;
  int wanted = legend_columns(items);
  for (const auto& strip : page.figure.strips) {
    wanted = std::max(wanted, columns_of(strip.detail));
  }
  return std::min(wanted, page.canvas.columns() * 2 / 5);
}

void draw_memory(const TerminalPage& page, const Plan& plan, const std::vector<LegendItem>& items) {
  const int left = columns_beside(page, plan);
  const int beside = columns_of_legend(page, items);
  constexpr int gap = 2;
  const int columns = page.canvas.columns() - left - (beside > 0 ? beside + gap : 0);
  const Frame frame{.corner = {plan.above_plot(), left},
                    .columns = columns,
                    .rows = plan.plot,
                    .time = page.figure.time,
                    .memory = shown_memory(page.figure, plan.plot),
                    .letters = page.look.letters};
  draw_plot(page, frame, {plan.flags, plan.axis, plan.events});
  auto lanes = frame;
  lanes.corner.row = plan.above_lanes();
  lanes.rows = plan.lanes;
  draw_lanes(page, lanes, beside > 0 ? frame.right() + gap : 0);
  if (beside > 0) {
    draw_legend(page, items, {{frame.corner.row, frame.right() + gap}, beside, plan.plot});
  } else {
    draw_legend(page, items,
                {{plan.above_lanes() + plan.lanes, 0}, page.canvas.columns(), plan.legend});
  }
}

Plan plan_of_small_charts(const chart::Figure& figure, const TerminalLook& look) {
  const int needed = small_chart_rows(figure, look.columns);
  Plan plan;
  RowBudget budget(look.rows == 0 ? needed + 2 : look.rows);
  plan.title = budget.take(1, 1);
  plan.summary = budget.take(figure.summary.empty() ? 0 : 1, 3);
  plan.plot = budget.take(needed);
  return plan;
}

TerminalLook checked(TerminalLook look) {
  look.columns = std::clamp(look.columns, fewest_columns, most_columns);
  look.rows = std::max(look.rows, 0);
  return look;
}

}  // namespace

std::string draw_terminal(const chart::Figure& figure, const TerminalLook& wanted) {
  const auto look = checked(wanted);
  const bool is_small_charts = !figure.panels.empty();
  const auto items = is_small_charts ? std::vector<LegendItem>{} : legend_items(figure, look);
  const auto plan =
      is_small_charts ? plan_of_small_charts(figure, look) : plan_of(figure, look, items);
  Canvas canvas(look.columns, plan.rows(), look.letters);
  const TerminalPage page{figure, look, Ink(look.colours), canvas};
  draw_title(page, plan);
  draw_summary(page, plan);
  if (is_small_charts) {
    draw_small_charts(page, {plan.above_plot(), 0}, plan.plot);
  } else {
    draw_memory(page, plan, items);
  }
  return canvas.text();
}

}  // namespace mprofpp::render
