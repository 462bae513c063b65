#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mprofpp/inspect/holders.hpp"

namespace mprofpp::inspect {

/// An object that holds others. Chains that start in the same way share their start.
struct HolderNode {
  Step step;
  std::string root = {};                   ///< the kind of a root; empty for what others hold
  std::optional<std::size_t> target = {};  ///< the index of the target that this is
  std::vector<HolderNode> children = {};
};

/// Returns the roots from which the chains of all targets start.
std::vector<HolderNode> merged_chains(const Holders& holders);

/// Returns how people call an object: its name, or its type.
std::string title_of(const Step& step);
/// Returns how the first object of a chain is called: "module main", "frame of main.serve (thread frame)".
std::string title_of_root(const std::string& root, const Step& step);

/// Returns the Python expression that leads to the target: "main.app.users[3]". Nothing if the root is not a
/// module, or a step is not an attribute, an index or a key.
std::optional<std::string> expression_of(const Chain& chain);

}  // namespace mprofpp::inspect
