#include "mprofpp/analysis/names.hpp"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace mprofpp::analysis {
namespace {

/// Returns false for names that people made up and for places in files (`libx.so+0x1a2b`): dots in them
/// do not separate parts.
bool is_dotted(std::string_view name) {
  return name.find_first_of(" /+") == std::string_view::npos;
}

/// Returns false for endings such as `operator()` or `{lambda()#1}`, which say nothing by themselves.
bool says_something(std::string_view ending) {
  return !ending.empty() && !ending.starts_with("operator") && !ending.starts_with('{');
}

/// Visits the start of every part of a name but the first, from the end, until `visit` returns false. Text
/// between brackets is not split; a bracket without a partner (in `operator<`) ends the search.
template <class Visit>
void for_each_part(std::string_view name, Visit visit) {
  const bool dotted = is_dotted(name);
  int depth = 0;
  for (auto at = name.size(); at-- > 1 && depth >= 0;) {
    const char byte = name[at];
    if (byte == '>' || byte == ')' || byte == '}') ++depth;
    if (byte == '<' || byte == '(' || byte == '{') --depth;
    if (depth != 0) continue;
    const bool is_scope = byte == ':' && name[at - 1] == ':' && at > 1;
    if ((is_scope || (byte == '.' && dotted)) && !visit(at + 1)) return;
  }
}

/// Visits the endings of a name that start with one of its parts, shortest first and the whole name last,
/// until `visit` returns false.
template <class Visit>
void for_each_ending(std::string_view name, Visit visit) {
  int parts = 32;  // the time must not grow with the square of the dots in a name
  bool goes_on = true;
  for_each_part(name, [&](std::size_t begin) {
    const auto ending = name.substr(begin);
    goes_on = !says_something(ending) || visit(ending);
    return goes_on && --parts > 0;
  });
  if (goes_on) visit(name);
}

}  // namespace

std::vector<std::string> short_names(const std::vector<std::string>& names) {
  std::unordered_map<std::string_view, int> uses;
  const std::unordered_set<std::string_view> distinct(names.begin(), names.end());
  for (const auto name : distinct) {
    for_each_ending(name, [&](std::string_view ending) {
      ++uses[ending];
      return true;
    });
  }

  std::vector<std::string> shortened;
  shortened.reserve(names.size());
  for (const auto& name : names) {
    std::string_view best = name;
    for_each_ending(name, [&](std::string_view ending) {
      best = ending;
      return uses[ending] > 1;
    });
    shortened.emplace_back(best);
  }
  return shortened;
}

}  // namespace mprofpp::analysis
