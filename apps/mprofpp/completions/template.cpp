#include "completions/template.hpp"

namespace mprofpp::app {

std::string with_lines(const std::string& text, std::string_view name, const std::string& lines) {
  const auto line = "@" + std::string(name) + "@\n";
  auto filled = text;
  return filled.replace(filled.find(line), line.size(), lines);
}

std::string escaped(std::string_view text, std::string_view characters) {
  std::string result;
  for (const char c : text) {
    if (characters.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

}  // namespace mprofpp::app
