#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mprofpp::launch {

/// The environment of a program: entries NAME=value, in order. Entries that are not changed stay
/// byte for byte, including duplicates and entries without an equals sign.
class Environment {
 public:
  Environment() = default;
  explicit Environment(std::vector<std::string> entries) : entries_(std::move(entries)) {}
  /// Returns a copy of the environment of this process.
  static Environment of_this_process();

  const std::vector<std::string>& entries() const { return entries_; }

  /// Sets the variable, whether it exists or not.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  /// Appends `part` to a list whose parts are joined by colons, and creates the list if it does not
  /// exist. A list that already contains `part` stays as it is.
  void append(std::string_view name, std::string_view part);

 private:
  std::vector<std::string> entries_;
};

}  // namespace mprofpp::launch
