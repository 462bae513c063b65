#include "mprofpp/base/selection.hpp"

#include <fnmatch.h>

#include <algorithm>

namespace mprofpp {
namespace {

bool fits_one_of(const std::vector<std::string>& patterns, const std::string& text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return fits(pattern, text); });
}

}  // namespace

bool fits(const std::string& pattern, const std::string& text) {
  return ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

bool Selection::selects(const std::string& name) const {
  return !fits_one_of(unwanted_, name) && (wanted_.empty() || fits_one_of(wanted_, name));
}

}  // namespace mprofpp
