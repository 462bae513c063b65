#include "mprofpp/report/labels.hpp"

#include <algorithm>
#include <string_view>

namespace mprofpp::report {
namespace {

using Parts = std::vector<std::string>;

/// Splits a path into its folders and its name.
Parts parts_of(std::string_view path) {
  Parts parts;
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, slash);
    if (!part.empty() && part != ".") parts.emplace_back(part);
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

/// Joins the last `count` parts to a path.
std::string end_of(const Parts& parts, std::size_t count) {
  std::string path;
  for (auto i = parts.size() - std::min(count, parts.size()); i < parts.size(); ++i) {
    path += (path.empty() ? "" : "/") + parts[i];
  }
  return path;
}

/// Returns true if the last `count` parts of the path are also the end of another path.
bool is_ambiguous(const std::vector<Parts>& all, const Parts& path, std::size_t count) {
  return std::any_of(all.begin(), all.end(), [&](const Parts& other) {
    return other != path && end_of(other, count) == end_of(path, count);
  });
}

}  // namespace

std::vector<std::string> short_labels(const std::vector<std::string>& paths) {
  std::vector<Parts> all;
  for (const auto& path : paths) all.push_back(parts_of(path));
  std::vector<std::string> labels;
  for (const auto& path : all) {
    std::size_t count = 1;
    while (count < path.size() && is_ambiguous(all, path, count)) ++count;
    labels.push_back(end_of(path, count));
  }
  return labels;
}

}  // namespace mprofpp::report
