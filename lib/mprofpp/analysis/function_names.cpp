#include "mprofpp/analysis/function_names.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "mprofpp/analysis/names.hpp"
#include "mprofpp/base/nearest.hpp"
#include "mprofpp/base/selection.hpp"

namespace mprofpp::analysis {
namespace {

bool is_suffix_of(const std::string& wanted, const std::string& name) {
  if (!name.ends_with(wanted)) return false;
  const auto before = std::string_view(name).substr(0, name.size() - wanted.size());
  return before.empty() || before.ends_with('.') || before.ends_with("::");
}

/// Returns "a, b, c and 7 more".
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, names.size()); ++i) {
    text += (i > 0 ? ", " : "") + names[i];
  }
  if (names.size() > shown) text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

std::string instead_of_function(const std::string& wanted, const std::vector<std::string>& names) {
  auto near = nearest(wanted, names);
  if (!near) near = nearest(wanted, short_names(names));
  return near ? "did you mean " + *near + "?" : "the recording has " + listed(names);
}

}  // namespace

void FunctionNames::add(const std::string& name) {
  if (known_.try_emplace(name, true).second) names_.push_back(name);
}

std::vector<std::string> FunctionNames::names() const {
  std::vector<std::string> names;
  std::unordered_set<std::string> seen;
  for (const auto& recorded : names_) {
    const auto& name = late_.of(recorded);
    if (seen.insert(name).second) names.push_back(name);
  }
  return names;
}

Result<std::string> pick_function(const std::vector<std::string>& names,
                                  const std::string& wanted) {
  if (names.empty()) {
    return fail(Errc::not_found, wanted, "the recording has no function marks");
  }
  if (std::find(names.begin(), names.end(), wanted) != names.end()) return wanted;
  std::vector<std::string> found;
  std::copy_if(names.begin(), names.end(), std::back_inserter(found),
               [&](const std::string& name) { return is_suffix_of(wanted, name); });
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return fail(Errc::not_found, wanted, "no such function in the recording",
                instead_of_function(wanted, names));
  }
  return fail(Errc::invalid_argument, wanted, "matches several functions: " + listed(found),
              "give more of the name");
}

Result<std::vector<std::string>> pick_functions(const std::vector<std::string>& names,
                                                const std::string& wanted) {
  auto one = pick_function(names, wanted);
  if (one) return std::vector{std::move(*one)};
  std::vector<std::string> fitting;
  std::copy_if(names.begin(), names.end(), std::back_inserter(fitting),
               [&](const std::string& name) { return fits(wanted, name); });
  if (fitting.empty()) return Failure(std::move(one.error()));
  return fitting;
}

}  // namespace mprofpp::analysis
