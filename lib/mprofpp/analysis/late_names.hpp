#pragma once

#include <string>
#include <unordered_map>

#include "mprofpp/model/settings.hpp"

namespace mprofpp::analysis {

/// The names of functions that were recorded as places in files (`libx.so+0x1a2b`), because looking up their
/// names would have kept the recorder from taking samples. It writes the names at its end.
class LateNames {
 public:
  void take(const model::Settings& settings) {
    for (const auto& [address, name] : settings.late_names) names_[address] = name;
  }

  /// Returns the name that people use for the function that was recorded as `name`.
  const std::string& of(const std::string& name) const {
    const auto known = names_.find(name);
    return known == names_.end() ? name : known->second;
  }

  bool empty() const { return names_.empty(); }

 private:
  std::unordered_map<std::string, std::string> names_;
};

}  // namespace mprofpp::analysis
