#include "loadtest/web_address.hpp"

#include <algorithm>

#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

/// Splits "host:port", "[::1]:port" or a host alone.
std::optional<WebAddress> parse_authority(std::string_view text, std::uint16_t default_port) {
  WebAddress address;
  address.port = default_port;
  const bool is_bracketed = text.starts_with('[');
  const auto end = is_bracketed ? text.find(']') : std::min(text.size(), text.find(':'));
  if (end == std::string_view::npos) return std::nullopt;
  address.host = std::string(is_bracketed ? text.substr(1, end - 1) : text.substr(0, end));
  auto rest = text.substr(is_bracketed ? end + 1 : end);
  if (address.host.empty()) return std::nullopt;
  if (rest.empty()) return address;
  const auto port = parse_integer<std::uint16_t>(rest.substr(1));
  if (rest.front() != ':' || !port || *port == 0) return std::nullopt;
  address.port = *port;
  return address;
}

}  // namespace

bool WebAddress::is_local() const {
  return host == "localhost" || host == "::1" || host == "0.0.0.0" || host == "::" ||
         host.starts_with("127.");
}

std::optional<WebAddress> parse_address(std::string_view text) {
  constexpr std::string_view http = "http://";
  constexpr std::string_view https = "https://";
  constexpr std::uint16_t http_port = 80;
  constexpr std::uint16_t https_port = 443;
  const bool is_encrypted = text.starts_with(https);
  if (is_encrypted)
    text.remove_prefix(https.size());
  else if (text.starts_with(http))
    text.remove_prefix(http.size());
  const auto slash = std::min(text.size(), text.find_first_of("/?#"));
  auto authority = text.substr(0, slash);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    authority.remove_prefix(at + 1);
  }
  auto address = parse_authority(authority, is_encrypted ? https_port : http_port);
  if (!address) return std::nullopt;
  auto path = text.substr(slash);
  path = path.substr(0, path.find('#'));
  address->path = path.starts_with('/') ? std::string(path) : "/" + std::string(path);
  address->is_encrypted = is_encrypted;
  return address;
}

std::optional<WebAddress> find_address(std::string_view command) {
  for (auto at = command.find("http"); at != std::string_view::npos;
       at = command.find("http", at + 1)) {
    const auto rest = command.substr(at);
    if (!rest.starts_with("http://") && !rest.starts_with("https://")) continue;
    auto address = parse_address(rest.substr(0, rest.find_first_of(" \t\n'\"`;|<>()")));
    if (address) return address;
  }
  return std::nullopt;
}

}  // namespace mprofpp::app
