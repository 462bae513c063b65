#include "mprofpp/inspect/holder_tree.hpp"

#include <algorithm>
#include <string_view>

namespace mprofpp::inspect {
namespace {

/// Returns the node of that step, which is added if it is new.
HolderNode& node_for(std::vector<HolderNode>& nodes, const Step& step, const std::string& root) {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const HolderNode& node) {
    return node.root == root && node.step.address == step.address && node.step.via == step.via;
  });
  if (found != nodes.end()) return *found;
  nodes.push_back({.step = step, .root = root});
  return nodes.back();
}

void add_chain(std::vector<HolderNode>& roots, const Chain& chain, std::size_t target) {
  HolderNode* node = nullptr;
  for (const auto& step : chain.steps) {
    node =
        node == nullptr ? &node_for(roots, step, chain.root) : &node_for(node->children, step, "");
  }
  if (node != nullptr) node->target = target;
}

bool is_part_of_expression(std::string_view via) {
  if (via.starts_with('.')) return via.size() > 1;
  return via.size() > 2 && via.starts_with('[') && via.ends_with(']') &&
         via.find("…") == std::string_view::npos;
}

}  // namespace

std::vector<HolderNode> merged_chains(const Holders& holders) {
  std::vector<HolderNode> roots;
  for (std::size_t i = 0; i < holders.targets.size(); ++i) {
    for (const auto& chain : holders.targets[i].chains) add_chain(roots, chain, i);
  }
  return roots;
}

std::string title_of(const Step& step) {
  return step.name ? *step.name : step.type;
}

std::string title_of_root(const std::string& root, const Step& step) {
  auto title = title_of(step);
  if (root == "module") return title.starts_with("module ") ? title : "module " + title;
  if (root.empty() || title.find(root) != std::string::npos) return title;
  return title + " (" + root + ")";
}

std::optional<std::string> expression_of(const Chain& chain) {
  if (chain.root != "module" || !chain.steps.front().name) return std::nullopt;
  auto text = *chain.steps.front().name;
  for (std::size_t i = 1; i < chain.steps.size(); ++i) {
    const auto& via = chain.steps[i].via;
    if (!via || !is_part_of_expression(*via)) return std::nullopt;
    text += *via;
  }
  return text;
}

}  // namespace mprofpp::inspect
