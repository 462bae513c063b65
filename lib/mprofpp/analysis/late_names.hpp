#pragma once

#include <string>
#include <unordered_map>

#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// Functions that were recorded as places in files (`libx.so+0x1a2b`), because to find their names
/// would have kept the recorder from its samples; at its end it writes what they are.
class LateNames {
 public:
  /// Takes META name; others are of no interest.
  void take(const model::Meta& meta) {
    if (meta.key == "name" && meta.values.size() >= 2) names_[meta.values[0]] = meta.values[1];
  }

  /// What people call the function that was recorded as `name`.
  const std::string& of(const std::string& name) const {
    const auto known = names_.find(name);
    return known == names_.end() ? name : known->second;
  }

  bool empty() const { return names_.empty(); }

 private:
  std::unordered_map<std::string, std::string> names_;
};

}  // namespace mprofpp::analysis
