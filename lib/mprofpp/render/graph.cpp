#include "mprofpp/render/graph.hpp"

#include <algorithm>

#include "mprofpp/render/detail/graph_layout.hpp"

namespace mprofpp::render {
namespace {

constexpr double box_margin = 24;
constexpr double box_gap = 28;
constexpr double box_height = 40;
constexpr double layer_distance = 88;
constexpr double most_text = 300;
constexpr TextStyle box_title{12, TextWeight::bold};
constexpr TextStyle box_detail{10, TextWeight::normal};
constexpr TextStyle picture_title{15, TextWeight::bold};
constexpr TextStyle picture_caption{11, TextWeight::normal};
constexpr double caption_distance = 17;

/// Draws one graph.
class GraphPicture {
 public:
  GraphPicture(const Graph& graph, const TextMeasure& measure, chart::Theme theme)
      : graph_(graph), measure_(measure), theme_(theme) {}

  Scene draw() {
    detail::LayoutInput input;
    for (const auto& box : graph_.boxes) input.widths.push_back(width_of(box));
    for (const auto& arrow : graph_.arrows) input.arrows.emplace_back(arrow.from, arrow.to);
    widths_ = input.widths;
    layout_ = detail::lay_out(input, box_gap);
    find_arrows();
    scene_.paper = colour({chart::Hue::Role::paper});
    scene_.title = graph_.title;
    scene_.layers.resize(3);  // arrows, boxes, text
    draw_captions();
    for (std::size_t i = 0; i < graph_.arrows.size(); ++i) draw_arrow(i);
    for (std::size_t i = 0; i < graph_.boxes.size(); ++i) draw_box(i);
    return std::move(scene_);
  }

 private:
  Colour colour(chart::Hue hue) const { return chart::colour_of(hue, theme_); }

  double width_of(const GraphBox& box) const {
    const double title = measure_.width(box.title, box_title.size, box_title.weight);
    const double detail = measure_.width(box.detail, box_detail.size, box_detail.weight);
    return std::min(std::max(title, detail), most_text) + 24;
  }

  void draw_captions() {
    add_text({box_margin, box_margin + 12}, graph_.title, picture_title, {chart::Hue::Role::ink},
             Anchor::left);
    top_ = box_margin + 12;
    double widest = measure_.width(graph_.title, picture_title.size, picture_title.weight);
    for (const auto& caption : graph_.captions) {
      top_ += caption_distance;
      add_text({box_margin, top_}, caption, picture_caption, {chart::Hue::Role::muted},
               Anchor::left);
      widest =
          std::max(widest, measure_.width(caption, picture_caption.size, picture_caption.weight));
    }
    top_ += 26;
    const auto& layers = layout_.layers;
    const auto lowest = layers.empty() ? 0 : *std::max_element(layers.begin(), layers.end());
    scene_.width = std::max(layout_.width, widest) + 2 * box_margin;
    scene_.height = top_ + layer_distance * static_cast<double>(lowest) + box_height + box_margin;
    left_ = (scene_.width - layout_.width) / 2;
  }

  void add_text(Dot at, const std::string& text, TextStyle style, chart::Hue hue, Anchor anchor) {
    if (text.empty()) return;
    scene_.layers[2].shapes.emplace_back(Label{.at = at,
                                               .text = text,
                                               .size = style.size,
                                               .anchor = anchor,
                                               .weight = style.weight,
                                               .paint = {colour(hue)}});
  }

  double top_of(std::size_t layer) const {
    return top_ + layer_distance * static_cast<double>(layer);
  }
  Dot top_centre(std::size_t box) const {
    return {left_ + layout_.centres[box], top_of(layout_.layers[box])};
  }

  chart::Hue hue_of(BoxRole role) const {
    if (role == BoxRole::source) return chart::numbered(0);
    if (role == BoxRole::goal) return {chart::Hue::Role::leak};
    return {chart::Hue::Role::muted};
  }

  void draw_box(std::size_t index) {
    constexpr double tint = 0.14;
    const auto& box = graph_.boxes[index];
    const auto at = top_centre(index);
    const auto border = colour(hue_of(box.role));
    const auto fill =
        box.role == BoxRole::ordinary ? scene_.paper : chart::mix(border, scene_.paper, tint);
    scene_.layers[1].shapes.emplace_back(
        Block{.place = {at.x - widths_[index] / 2, at.y, widths_[index], box_height},
              .fill = {fill},
              .outline = Pen{.paint = {border}, .width = box.role == BoxRole::ordinary ? 1.0 : 1.5},
              .tooltip = box.title + (box.detail.empty() ? "" : " · " + box.detail)});
    const auto fit = [&](const std::string& text, TextStyle style) {
      return fitted(text, most_text + 1, style, Elide::middle, measure_);
    };
    add_text({at.x, at.y + (box.detail.empty() ? 24 : 17)}, fit(box.title, box_title), box_title,
             {chart::Hue::Role::ink}, Anchor::middle);
    add_text({at.x, at.y + 31}, fit(box.detail, box_detail), box_detail, {chart::Hue::Role::muted},
             Anchor::middle);
  }

  void draw_arrow(std::size_t index) {
    constexpr double head = 6;
    const auto& arrow = graph_.arrows[index];
    const auto from = top_centre(arrow.from);
    const auto to = top_centre(arrow.to);
    std::vector<Dot> line = {{from.x, from.y + box_height}};
    line.front().x += offset(leaving_[arrow.from], index, widths_[arrow.from]);
    auto layer = layout_.layers[arrow.from];
    for (const double bend : layout_.bends[index]) {
      ++layer;
      line.push_back({left_ + bend, top_of(layer)});
      line.push_back({left_ + bend, top_of(layer) + box_height});
    }
    const Dot tip{to.x + offset(arriving_[arrow.to], index, widths_[arrow.to]), to.y};
    line.push_back({tip.x, tip.y - head});
    auto& shapes = scene_.layers[0].shapes;
    const Paint paint{colour({chart::Hue::Role::muted})};
    shapes.emplace_back(Path{.lines = {line}, .pen = {.paint = paint, .width = 1.2}});
    shapes.emplace_back(
        Polygon{.corners = {tip, {tip.x - 4, tip.y - head - 1}, {tip.x + 4, tip.y - head - 1}},
                .fill = paint});
    // at the end that has fewer arrows, so that labels are far from each other
    if (arriving_[arrow.to].size() > leaving_[arrow.from].size())
      draw_label(arrow.label, line[0], line[1], 0.36);
    else
      draw_label(arrow.label, line[line.size() - 2], line.back(), 0.64);
  }

  /// Returns how far from its centre an arrow meets a box that has several.
  static double offset(const std::vector<std::size_t>& arrows, std::size_t arrow, double width) {
    constexpr double widest = 26;
    if (arrows.size() < 2) return 0;
    const auto count = static_cast<double>(arrows.size());
    const double distance = std::min(widest, width * 0.8 / count);
    const auto at = std::find(arrows.begin(), arrows.end(), arrow) - arrows.begin();
    return (static_cast<double>(at) - (count - 1) / 2) * distance;
  }

  /// Finds the arrows of each box, those at the left first.
  void find_arrows() {
    leaving_.resize(graph_.boxes.size());
    arriving_.resize(graph_.boxes.size());
    for (std::size_t i = 0; i < graph_.arrows.size(); ++i) {
      leaving_[graph_.arrows[i].from].push_back(i);
      arriving_[graph_.arrows[i].to].push_back(i);
    }
    const auto sort = [](std::vector<std::size_t>& arrows, const auto& place) {
      std::stable_sort(arrows.begin(), arrows.end(),
                       [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
    };
    const auto& bends = layout_.bends;
    for (auto& arrows : leaving_)
      sort(arrows, [&](std::size_t i) {
        return bends[i].empty() ? layout_.centres[graph_.arrows[i].to] : bends[i].front();
      });
    for (auto& arrows : arriving_)
      sort(arrows, [&](std::size_t i) {
        return bends[i].empty() ? layout_.centres[graph_.arrows[i].from] : bends[i].back();
      });
  }

  void draw_label(const std::string& label, Dot from, Dot to, double share) {
    if (label.empty()) return;
    const Dot at{from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share + 4};
    const TextStyle style{11, TextWeight::normal};
    scene_.layers[2].shapes.emplace_back(
        Label{.at = at,
              .text = fitted(label, most_text, style, Elide::middle, measure_),
              .size = style.size,
              .anchor = Anchor::middle,
              .paint = {colour({chart::Hue::Role::ink})},
              .halo = scene_.paper});
  }

  const Graph& graph_;
  const TextMeasure& measure_;
  chart::Theme theme_;
  std::vector<double> widths_;
  detail::GraphLayout layout_;
  std::vector<std::vector<std::size_t>> leaving_;   // the arrows of each box
  std::vector<std::vector<std::size_t>> arriving_;  // and those to it
  Scene scene_;
  double top_ = 0;
  double left_ = 0;
};

}  // namespace

Scene draw_graph(const Graph& graph, const TextMeasure& measure, chart::Theme theme) {
  return GraphPicture(graph, measure, theme).draw();
}

}  // namespace mprofpp::render
