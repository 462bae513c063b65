#include "mprofpp/source/source_lines.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "mprofpp/base/text.hpp"

namespace mprofpp::source {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_part_of_encoding(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

/// Returns the encoding that a comment such as `# -*- coding: latin-1 -*-` names. Empty if there is none.
std::string encoding_in(std::string_view line) {
  constexpr std::string_view key = "coding";
  const auto comment = line.find_first_not_of(" \t\f");
  if (comment == std::string_view::npos || line[comment] != '#') return {};
  for (auto at = line.find(key, comment); at != std::string_view::npos;
       at = line.find(key, at + 1)) {
    auto rest = line.substr(at + key.size());
    if (!rest.starts_with(':') && !rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_part_of_encoding);
    if (end != rest.begin()) return {rest.begin(), end};
  }
  return {};
}

/// Returns the encoding that the first two lines name. The second one counts only if the first has no code.
std::string declared_encoding(std::string_view source) {
  const auto first = source.substr(0, source.find_first_of("\r\n"));
  if (auto name = encoding_in(first); !name.empty()) return name;
  const auto code = first.find_first_not_of(" \t\f");
  if (code != std::string_view::npos && first[code] != '#') return {};
  auto rest = source.substr(first.size());
  rest.remove_prefix(rest.starts_with("\r\n") ? 2 : std::min<std::size_t>(1, rest.size()));
  return encoding_in(rest.substr(0, rest.find_first_of("\r\n")));
}

/// Returns the name by which the C library knows an encoding of Python.
std::string name_for_iconv(std::string name) {
  name = upper(name);
  std::replace(name.begin(), name.end(), '_', '-');
  for (const std::string_view latin : {"LATIN-1", "ISO-LATIN-1", "ISO-8859-1", "ISO8859-1"}) {
    if (name == latin || name.starts_with(std::string(latin) + "-")) return "ISO-8859-1";
  }
  return name;
}

/// Returns the text in UTF-8; nothing if the encoding is unknown.
std::optional<std::string> converted(std::string_view text, const std::string& encoding) {
  const iconv_t conversion = ::iconv_open("UTF-8", name_for_iconv(encoding).c_str());
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the value that iconv_open returns for a failure
  if (conversion == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string source(text);
  char* from = source.data();
  std::size_t left = source.size();
  std::string out;
  std::array<char, 4096> block;
  while (left > 0) {
    char* to = block.data();
    std::size_t room = block.size();
    const auto done = ::iconv(conversion, &from, &left, &to, &room);
    const int reason = errno;
    out.append(block.data(), to);
    if (done != static_cast<std::size_t>(-1) || reason == E2BIG) continue;
    out += "\xEF\xBF\xBD";
    ++from;
    --left;
  }
  ::iconv_close(conversion);
  return out;
}

std::string as_utf8(std::string_view source) {
  if (source.starts_with(byte_order_mark)) {
    return to_valid_utf8(source.substr(byte_order_mark.size()));
  }
  const auto encoding = declared_encoding(source);
  const auto text = encoding.empty() ? std::nullopt : converted(source, encoding);
  return to_valid_utf8(text ? std::string_view(*text) : source);
}

}  // namespace

std::vector<std::string> source_lines(std::string_view source) {
  const auto text = as_utf8(source);
  std::vector<std::string> lines;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find_first_of("\r\n"), rest.size());
    lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end);
    rest.remove_prefix(rest.starts_with("\r\n") ? 2 : std::min<std::size_t>(1, rest.size()));
  }
  return lines;
}

}  // namespace mprofpp::source
