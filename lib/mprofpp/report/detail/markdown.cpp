#include "mprofpp/report/detail/markdown.hpp"

#include "mprofpp/base/text.hpp"

namespace mprofpp::report {

std::string markdown_text(std::string_view text) {
  std::string escaped;
  for (const char c : visible(text)) {
    if (std::string_view("\\`*_[]<>#|~&").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace mprofpp::report
