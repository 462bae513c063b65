#include "mprofpp/render/detail/graph_layout.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace mprofpp::render::detail {
namespace {

constexpr double bend_width = 6;

/// Finds the layer of each node: the length of the longest way to it, without arrows that close a circle.
class Layers {
 public:
  explicit Layers(const LayoutInput& input)
      : children_(input.widths.size()), layers_(input.widths.size()), states_(input.widths.size()) {
    for (const auto& [from, to] : input.arrows) children_[from].push_back(to);
  }

  std::vector<std::size_t> find() {
    for (std::size_t node = 0; node < children_.size(); ++node) visit(node);
    // in the reverse order of their ends, each node comes before those that it points to
    for (auto node = order_.rbegin(); node != order_.rend(); ++node) {
      for (const auto child : forward(*node))
        layers_[child] = std::max(layers_[child], layers_[*node] + 1);
    }
    return layers_;
  }

 private:
  enum class State : std::uint8_t { fresh, open, done };

  void visit(std::size_t node) {
    if (states_[node] != State::fresh) return;
    states_[node] = State::open;
    auto& children = children_[node];
    children.erase(std::remove_if(children.begin(), children.end(),
                                  [&](std::size_t child) { return states_[child] == State::open; }),
                   children.end());
    for (std::size_t i = 0; i < children_[node].size(); ++i) {
      const auto child = children_[node][i];
      if (states_[child] != State::open) visit(child);
    }
    states_[node] = State::done;
    rank_.resize(children_.size());
    rank_[node] = order_.size();
    order_.push_back(node);
  }

  /// Returns the children that have ended before the node: the others close a circle.
  std::vector<std::size_t> forward(std::size_t node) const {
    std::vector<std::size_t> children;
    for (const auto child : children_[node]) {
      if (rank_[child] < rank_[node]) children.push_back(child);
    }
    return children;
  }

  std::vector<std::vector<std::size_t>> children_;
  std::vector<std::size_t> layers_;
  std::vector<State> states_;
  std::vector<std::size_t> order_;
  std::vector<std::size_t> rank_;
};

/// Boxes and bends in rows.
class Rows {
 public:
  Rows(const LayoutInput& input, double gap)
      : gap_(gap), layers_(Layers(input).find()), widths_(input.widths), boxes_(widths_.size()) {
    for (const auto& [from, to] : input.arrows) add_arrow(from, to);
    neighbours_.resize(widths_.size());
    for (const auto& [upper, lower] : links_) {
      neighbours_[upper].push_back(lower);
      neighbours_[lower].push_back(upper);
    }
    for (std::size_t node = 0; node < widths_.size(); ++node) {
      if (layers_[node] >= rows_.size()) rows_.resize(layers_[node] + 1);
      rows_[layers_[node]].push_back(node);
    }
    centres_.resize(widths_.size());
  }

  GraphLayout place() {
    for (auto& row : rows_) pack(row);
    constexpr int rounds = 12;
    for (int round = 0; round < rounds; ++round) {
      for (auto& row : rows_) improve(row);
      for (auto row = rows_.rbegin(); row != rows_.rend(); ++row) improve(*row);
    }
    return result();
  }

 private:
  void add_arrow(std::size_t from, std::size_t to) {
    auto upper = std::pair(from, layers_[from]);
    bends_.emplace_back();
    while (upper.second + 1 < layers_[to]) {
      const auto bend = widths_.size();
      widths_.push_back(bend_width);
      layers_.push_back(upper.second + 1);
      bends_.back().push_back(bend);
      links_.emplace_back(upper.first, bend);
      upper = {bend, upper.second + 1};
    }
    links_.emplace_back(upper.first, to);
  }

  double distance(std::size_t left, std::size_t right) const {
    return (widths_[left] + widths_[right]) / 2 + gap_;
  }

  void pack(const std::vector<std::size_t>& row) {
    for (std::size_t i = 1; i < row.size(); ++i)
      centres_[row[i]] = centres_[row[i - 1]] + distance(row[i - 1], row[i]);
  }

  double wanted(std::size_t node) const {
    const auto& others = neighbours_[node];
    if (others.empty()) return centres_[node];
    double sum = 0;
    for (const auto other : others) sum += centres_[other];
    return sum / static_cast<double>(others.size());
  }

  /// Moves the nodes of a row to where their neighbours are, as far as there is room.
  void improve(std::vector<std::size_t>& row) {
    std::vector<double> wishes(widths_.size());
    for (const auto node : row) wishes[node] = wanted(node);
    std::stable_sort(row.begin(), row.end(),
                     [&](std::size_t a, std::size_t b) { return wishes[a] < wishes[b]; });
    for (const auto node : row) centres_[node] = wishes[node];
    for (std::size_t i = 1; i < row.size(); ++i)
      centres_[row[i]] =
          std::max(centres_[row[i]], centres_[row[i - 1]] + distance(row[i - 1], row[i]));
    double shift = 0;
    for (const auto node : row) shift += wishes[node] - centres_[node];
    shift /= static_cast<double>(row.size());
    for (const auto node : row) centres_[node] += shift;
  }

  GraphLayout result() {
    double left = 0;
    double right = 0;
    for (std::size_t node = 0; node < widths_.size(); ++node) {
      const double edge = centres_[node] - widths_[node] / 2;
      left = node == 0 ? edge : std::min(left, edge);
      right = node == 0 ? edge + widths_[node] : std::max(right, edge + widths_[node]);
    }
    for (auto& centre : centres_) centre -= left;
    GraphLayout layout{.layers = layers_, .centres = centres_, .bends = {}, .width = right - left};
    for (const auto& bends : bends_) {
      layout.bends.emplace_back();
      for (const auto bend : bends) layout.bends.back().push_back(centres_[bend]);
    }
    layout.layers.resize(boxes_);
    layout.centres.resize(boxes_);
    return layout;
  }

  double gap_;
  std::vector<std::size_t> layers_;
  std::vector<double> widths_;
  std::size_t boxes_;
  std::vector<std::pair<std::size_t, std::size_t>> links_;
  std::vector<std::vector<std::size_t>> bends_;
  std::vector<std::vector<std::size_t>> neighbours_;
  std::vector<std::vector<std::size_t>> rows_;
  std::vector<double> centres_;
};

}  // namespace

GraphLayout lay_out(const LayoutInput& input, double gap) {
  return Rows(input, gap).place();
}

}  // namespace mprofpp::render::detail
