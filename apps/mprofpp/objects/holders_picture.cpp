#include "objects/holders_picture.hpp"

#include <map>
#include <utility>
#include <vector>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/text_width.hpp"
#include "mprofpp/inspect/holder_tree.hpp"
#include "mprofpp/render/graph.hpp"
#include "mprofpp/render/svg/svg.hpp"

namespace mprofpp::app {
namespace {

using inspect::HolderNode;
using inspect::HoldersLook;

constexpr std::size_t longest_caption = 110;

/// Returns the lines above the chains: the process, the first object, and more.
std::vector<std::string> heading_of(const HoldersLook& look) {
  std::vector<std::string> lines;
  for_each_line(inspect::holders_heading(look, {.columns = 0}),
                [&](std::string_view line) { lines.emplace_back(line); });
  return lines;
}

/// Makes a box of each object, and an arrow of each reference.
class GraphOfHolders {
 public:
  explicit GraphOfHolders(const HoldersLook& look) : look_(look) {}

  render::Graph make() {
    const auto lines = heading_of(look_);
    graph_.title = cut_to_width(lines.size() > 1 ? lines[1] : lines[0], longest_caption);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i != 1) graph_.captions.push_back(cut_to_width(lines[i], longest_caption));
    }
    for (const auto& root : inspect::merged_chains(look_.holders)) {
      const auto box = box_of(root);
      graph_.boxes[box].role = root.target ? render::BoxRole::goal : render::BoxRole::source;
      if (!root.target) {
        graph_.boxes[box].title = visible(inspect::title_of_root(root.root, root.step));
        graph_.boxes[box].detail.clear();
      }
      add_children(root, box);
    }
    return std::move(graph_);
  }

 private:
  std::size_t box_of(const HolderNode& node) {
    const auto [found, is_new] = boxes_.emplace(node.step.address, graph_.boxes.size());
    if (is_new) graph_.boxes.push_back(new_box(node));
    return found->second;
  }

  render::GraphBox new_box(const HolderNode& node) const {
    const auto& step = node.step;
    render::GraphBox box{.title = visible(inspect::title_of(step)),
                         .detail = step.name ? visible(step.type) : std::string()};
    if (!node.target) return box;
    const auto& target = look_.holders.targets[*node.target];
    box.role = render::BoxRole::goal;
    box.title = visible(target.type);
    box.detail = inspect::target_line(look_, target).substr(box.title.size() + sizeof " at " - 1);
    return box;
  }

  void add_children(const HolderNode& node, std::size_t box) {
    for (const auto& child : node.children) {
      const auto other = box_of(child);
      const auto via = visible(trim(child.step.via.value_or("")));
      if (arrows_.emplace(std::pair(box, other), via).second)
        graph_.arrows.push_back({box, other, via});
      add_children(child, other);
    }
  }

  const HoldersLook& look_;
  render::Graph graph_;
  std::map<std::string, std::size_t> boxes_;
  std::map<std::pair<std::size_t, std::size_t>, std::string> arrows_;
};

constexpr std::string_view page_start = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light dark; }
body { margin: 1.5rem auto; padding: 0 1rem; max-width: 75rem; font: 15px/1.5 system-ui, sans-serif; }
.scroll { overflow-x: auto; border: 1px solid #8888; border-radius: 6px; }
.scroll svg { display: block; margin: 0 auto; }
pre { font: 13px/1.45 ui-monospace, monospace; padding: .8rem; margin: 0; }
h2 { font-size: 1rem; margin: 1.5rem 0 .4rem; }
</style>
)";

}  // namespace

std::string holders_svg(const HoldersLook& look) {
  const auto graph = GraphOfHolders(look).make();
  return render::to_svg(render::draw_graph(graph, render::TableMeasure(), chart::Theme::light));
}

std::string holders_html(const HoldersLook& look) {
  const auto text = inspect::holders_text(look, {.columns = 0}, inspect::TreeLetters::unicode);
  const auto title = markup_text(heading_of(look).front());
  return std::string(page_start) + "<title>" + title +
         "</title></head>\n<body>\n<div class=\"scroll\">\n" + holders_svg(look) +
         "</div>\n<h2>As text</h2>\n<div class=\"scroll\"><pre>" + markup_text(text) +
         "</pre></div>\n</body></html>\n";
}

}  // namespace mprofpp::app
