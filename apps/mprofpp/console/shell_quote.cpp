#include "console/shell_quote.hpp"

#include <algorithm>

#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

bool is_ascii_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// Escapes a path for $'…'.
std::string escaped_for_dollars(const std::string& path) {
  std::string escaped;
  for (const char c : path) {
    if (is_ascii_control(c)) {
      escaped += visible(std::string(1, c));
    } else {
      if (c == '\'' || c == '\\') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

std::string quoted_for_shell(const std::string& path) {
  const bool is_plain = path.find_first_not_of(
                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                            "0123456789_-./+=:,@%") == std::string::npos;
  if (is_plain && !path.empty() && path[0] != '-') return path;
  const bool has_controls = std::any_of(path.begin(), path.end(), is_ascii_control);
  if (has_controls) return "$'" + escaped_for_dollars(path) + "'";
  std::string quoted = path.starts_with('-') ? "./'" : "'";
  for (const char c : path) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string command_for_shell(const std::vector<std::string>& command) {
  std::string text;
  for (const auto& argument : command)
    text += (text.empty() ? "" : " ") + quoted_for_shell(argument);
  return text;
}

}  // namespace mprofpp::app
