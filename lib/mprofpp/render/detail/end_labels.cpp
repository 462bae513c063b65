#include "mprofpp/render/detail/end_labels.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace mprofpp::render {
namespace {

constexpr std::size_t most_names = 6;
constexpr double narrowest_page = 560;
constexpr double leader = 14;  // pixels between the plot and the names
constexpr double value_gap = 8;
constexpr double near_edge =
    0.15;  // of the time: curves that end in it have names next to the plot

TextStyle style_of(const Sheet& sheet, const chart::EndLabel& end) {
  const bool is_heavy = end.weight == chart::Weight::heavy;
  return {sheet.sizes.text, is_heavy ? TextWeight::bold : TextWeight::normal};
}

double name_width(const Sheet& sheet, const chart::EndLabel& end) {
  return sheet.measure.width(end.name, sheet.sizes.text, style_of(sheet, end).weight);
}

/// Adjacent places that share their distances: they move together.
struct Pool {
  double first;  ///< where the first of them is
  std::size_t count;
  double sum;  ///< of the places that each wants the first one to have
};

}  // namespace

std::vector<double> spread(std::vector<double> places, double gap, double low, double high) {
  // neighbours that are too close are pooled, as in isotonic regression
  std::vector<Pool> pools;
  for (const double place : places) {
    pools.push_back({place, 1, place});
    while (pools.size() > 1) {
      auto& before = pools[pools.size() - 2];
      const auto& last = pools.back();
      const double length = static_cast<double>(before.count) * gap;
      if (before.first + length <= last.first) break;
      before.sum += last.sum - static_cast<double>(last.count) * length;
      before.count += last.count;
      before.first = before.sum / static_cast<double>(before.count);
      pools.pop_back();
    }
  }
  std::size_t next = 0;
  for (const auto& pool : pools) {
    for (std::size_t i = 0; i < pool.count; ++i)
      places[next++] = pool.first + static_cast<double>(i) * gap;
  }
  double least = low;
  for (auto& place : places) {
    place = std::max(place, least);
    least = place + gap;
  }
  double most = high;
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    *place = std::min(*place, most);
    most = *place - gap;
  }
  return places;
}

bool wants_end_labels(const Sheet& sheet) {
  const auto& figure = sheet.figure;
  if (figure.ends.size() < 2 || figure.ends.size() > most_names) return false;
  const auto& table = figure.legend.front();
  const bool names_more = table.rows.size() > figure.ends.size() || table.left_out > 0;
  return sheet.page.width >= narrowest_page && !names_more && table.columns.size() == 1;
}

double end_labels_width(const Sheet& sheet) {
  double width = 0;
  for (const auto& end : sheet.figure.ends) {
    width = std::max(width, name_width(sheet, end) + value_gap + sheet.width(end.value));
  }
  return leader + std::min(width, sheet.page.width * 0.28);
}

EndLabels::EndLabels(const Sheet& sheet, Rect plot, Scale x, Scale y)
    : sheet_(sheet), plot_(plot), x_(x), y_(y) {}

bool EndLabels::is_right_of_plot(const chart::EndLabel& end) const {
  return end.at.seconds >= x_.data.high - near_edge * x_.data.length();
}

Dot EndLabels::place_of(const chart::EndLabel& end) const {
  return {x_(end.at.seconds), std::clamp(y_(end.at.mib), plot_.y, plot_.bottom())};
}

/// Letters are thinner than lines, so they need more contrast.
Colour EndLabels::colour_of(const chart::EndLabel& end) const {
  return chart::mix(sheet_.colour(end.hue), sheet_.ink(), 0.72);
}

void EndLabels::draw_name(const chart::EndLabel& end, double y, Layer& layer) const {
  const double left = plot_.right() + leader;
  const double room = sheet_.page.width - sheet_.sizes.margin - left;
  const auto style = style_of(sheet_, end);
  const double baseline = y + sheet_.sizes.text * 0.36;
  const auto name =
      fitted_name({end.name, end.title, end.distinguishing_part}, room, style, sheet_.measure);
  layer.shapes.emplace_back(Label{.at = {left, baseline},
                                  .text = name,
                                  .size = style.size,
                                  .weight = style.weight,
                                  .paint = {colour_of(end)}});
  const double width = sheet_.measure.width(name, style.size, style.weight) + value_gap;
  if (width + sheet_.width(end.value) > room) return;
  layer.shapes.emplace_back(Label{.at = {left + width, baseline},
                                  .text = end.value,
                                  .size = sheet_.sizes.text,
                                  .paint = {sheet_.muted()}});
}

void EndLabels::draw_right_of_plot(Layer& layer) const {
  std::vector<const chart::EndLabel*> ends;
  for (const auto& end : sheet_.figure.ends) {
    if (is_right_of_plot(end)) ends.push_back(&end);
  }
  std::stable_sort(ends.begin(), ends.end(), [](const auto* a, const auto* b) {
    return a->at.mib > b->at.mib;  // from the top down
  });
  std::vector<double> wanted;
  for (const auto* end : ends) wanted.push_back(place_of(*end).y);
  const double half = sheet_.sizes.text * 0.6;
  const auto places =
      spread(wanted, sheet_.sizes.text * 1.35, plot_.y + half, plot_.bottom() - half);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto from = place_of(*ends[i]);
    const double x = plot_.right() + leader;
    // dots, so that it does not look like a part of the curve
    layer.shapes.emplace_back(
        Path{.lines = {{from, {plot_.right() + 3, from.y}, {x - 3, places[i]}}},
             .pen = {{sheet_.colour(ends[i]->hue), 0.8}, fine_line, {1, 2.5}}});
    draw_name(*ends[i], places[i], layer);
  }
}

bool EndLabels::draw_inside(LabelPlacer& placer, Layer& layer) const {
  const double size = sheet_.sizes.text;
  for (const auto& end : sheet_.figure.ends) {
    if (is_right_of_plot(end)) continue;
    const auto at = place_of(end);
    const auto short_name = fitted_name({end.name, end.title, end.distinguishing_part},
                                        plot_.width / 4, {size}, sheet_.measure);
    const std::vector<std::string> texts = {end.name + "  " + end.value, end.name, short_name};
    const std::vector<Spot> spots = {{{at.x + 7, at.y + size * 0.36}, Anchor::left},
                                     {{at.x, at.y - size * 0.7}, Anchor::right},
                                     {{at.x, at.y + size * 1.5}, Anchor::right},
                                     {{at.x + 4, at.y - size * 0.7}, Anchor::left},
                                     {{at.x + 4, at.y + size * 1.5}, Anchor::left},
                                     {{at.x, at.y - size * 2}, Anchor::right},
                                     {{at.x, at.y + size * 2.8}, Anchor::right}};
    const bool is_placed = placer.place(
        {.alternatives = texts, .spots = spots, .colour = colour_of(end), .most_crossed = 0},
        layer);
    if (!is_placed) return false;
  }
  return true;
}

}  // namespace mprofpp::render
