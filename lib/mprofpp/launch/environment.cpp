#include "mprofpp/launch/environment.hpp"

#include <unistd.h>

#include <algorithm>

namespace mprofpp::launch {
namespace {

constexpr char joint = ':';

bool is_of(std::string_view entry, std::string_view name) {
  return entry.starts_with(name) && entry.substr(name.size()).starts_with('=');
}

std::string entry_of(std::string_view name, std::string_view value) {
  return std::string(name) + "=" + std::string(value);
}

/// Spaces separate the parts of a list as well: the linker and the sanitizers accept both.
bool contains(std::string_view list, std::string_view part) {
  while (!list.empty()) {
    const auto end = list.find_first_of(": ");
    if (list.substr(0, end) == part) return true;
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
  return false;
}

}  // namespace

Environment Environment::of_this_process() {
  std::vector<std::string> entries;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    entries.emplace_back(*entry);
  }
  return Environment(std::move(entries));
}

void Environment::set(std::string_view name, std::string_view value) {
  remove(name);
  entries_.push_back(entry_of(name, value));
}

void Environment::remove(std::string_view name) {
  std::erase_if(entries_, [name](const std::string& entry) { return is_of(entry, name); });
}

void Environment::append(std::string_view name, std::string_view part) {
  bool is_there = false;
  for (auto& entry : entries_) {
    if (!is_of(entry, name)) continue;
    is_there = true;
    const auto list = std::string_view(entry).substr(name.size() + 1);
    if (contains(list, part)) continue;
    if (!list.empty()) entry += joint;
    entry += part;
  }
  if (!is_there) entries_.push_back(entry_of(name, part));
}

}  // namespace mprofpp::launch
