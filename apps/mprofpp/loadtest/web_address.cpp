#include "loadtest/web_address.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

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

bool is_space(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\n';
}

/// Returns true for the name of this machine, with or without its domain.
bool is_own_name(std::string_view host) {
  std::array<char, 256> buffer{};
  if (::gethostname(buffer.data(), buffer.size() - 1) != 0) return false;
  const std::string_view name = buffer.data();
  return !name.empty() && (host == name || host == name.substr(0, name.find('.')));
}

/// Returns the address of an interface as a number with dots or colons; empty for other families.
std::string number_of(const sockaddr* address) {
  if (address == nullptr) return "";
  const bool is_v4 = address->sa_family == AF_INET;
  if (!is_v4 && address->sa_family != AF_INET6) return "";
  std::array<char, NI_MAXHOST> text{};
  const socklen_t size = is_v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  const int failed =
      ::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  return failed == 0 ? text.data() : "";
}

/// Returns true for the address of a network interface of this machine.
bool is_own_number(const std::string& host) {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return false;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);
  for (const auto* at = first; at != nullptr; at = at->ifa_next) {
    if (number_of(at->ifa_addr) == host) return true;
  }
  return false;
}

bool is_number(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return ::inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

/// Returns true for a host that is a number, localhost or this machine. Other texts with a colon are hardly
/// ever addresses.
bool is_plain_host(const std::string& host) {
  return is_number(host) || host == "localhost" || is_own_name(host);
}

/// Returns the address within one argument of a command line. `is_whole` is false if a quote or an operator
/// of the shell ends it.
std::optional<WebAddress> address_in(std::string_view text, bool is_whole) {
  const auto start = std::min(text.find("http://"), text.find("https://"));
  const bool has_scheme = start != std::string_view::npos;
  if (has_scheme) text.remove_prefix(start);
  auto address = parse_address(text);
  if (!address) return std::nullopt;
  const auto authority = has_scheme ? text.substr(text.find("//") + 2) : text;
  const auto slash = authority.find('/');
  const bool has_path = slash != std::string_view::npos;
  const auto host_and_port = authority.substr(0, slash);
  const bool has_port = host_and_port.ends_with(":" + std::to_string(address->port));
  if (!has_scheme) {
    const bool is_address = (has_port || has_path) && is_plain_host(address->host);
    return is_address ? address : std::nullopt;
  }
  const bool is_alone = is_whole && start == 0;
  return has_port || has_path || is_alone ? address : std::nullopt;
}

}  // namespace

bool WebAddress::is_local() const {
  if (host == "localhost" || host == "::1" || host == "0.0.0.0" || host == "::") return true;
  const bool is_loopback = host.starts_with("127.") && is_number(host);
  return is_loopback || is_own_name(host) || is_own_number(host);
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

std::vector<WebAddress> find_addresses(std::string_view command) {
  std::vector<WebAddress> addresses;
  while (!command.empty()) {
    const auto end = std::min(command.size(), command.find_first_of(" \t\n'\"`;|&<>()"));
    const bool is_whole = end == command.size() || is_space(command[end]);
    if (auto address = address_in(command.substr(0, end), is_whole)) {
      addresses.push_back(std::move(*address));
    }
    command.remove_prefix(std::min(command.size(), end + 1));
  }
  return addresses;
}

std::optional<WebAddress> find_local_address(std::string_view command) {
  for (const auto& address : find_addresses(command)) {
    if (address.is_local()) return address;
  }
  return std::nullopt;
}

}  // namespace mprofpp::app
