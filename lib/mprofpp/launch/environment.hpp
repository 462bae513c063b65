#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mprofpp::launch {

/// The environment of a program: entries NAME=value, in their order. What is not asked for stays
/// byte for byte, entries too that are given twice or have no sign of equality.
class Environment {
 public:
  Environment() = default;
  explicit Environment(std::vector<std::string> entries) : entries_(std::move(entries)) {}
  /// What this process was started with.
  static Environment of_this_process();

  const std::vector<std::string>& entries() const { return entries_; }

  /// Gives the variable this value, whether it is there or not.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  /// Puts `part` at the end of a list whose parts are joined by colons. One that it is in stays.
  void append(std::string_view name, std::string_view part);

 private:
  std::vector<std::string> entries_;
};

}  // namespace mprofpp::launch
