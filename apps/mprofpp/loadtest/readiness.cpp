#include "loadtest/readiness.hpp"

#include <optional>

#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

constexpr const char* ready_option = "--ready";

/// Returns what follows the first word if that is `word`; nothing if not.
std::optional<std::string_view> after_word(std::string_view text, std::string_view word) {
  if (!text.starts_with(word) || text.size() <= word.size()) return std::nullopt;
  const auto rest = text.substr(word.size());
  if (rest.front() != ' ') return std::nullopt;
  const auto value = trim(rest);
  return value.empty() ? std::nullopt : std::optional(value);
}

Result<ReadySign> parse_port(std::string_view digits) {
  const auto port = parse_integer<std::uint16_t>(digits);
  if (port && *port > 0) return ReadySign{AnsweringPort{*port}};
  return fail(Errc::invalid_argument, ready_option, "'" + std::string(digits) + "' is not a port",
              "write 'port 8000'");
}

Result<ReadySign> parse_get(std::string_view text) {
  const bool is_word = text.find_first_of(" \t\r\n") == std::string_view::npos;
  const auto address = is_word ? parse_address(text) : std::nullopt;
  if (!address) {
    return fail(Errc::invalid_argument, ready_option,
                "'" + std::string(text) + "' is not an address",
                "write 'GET http://127.0.0.1:8000/'");
  }
  if (address->is_encrypted) {
    return fail(Errc::invalid_argument, ready_option, "GET cannot use https",
                "write 'port " + std::to_string(address->port) + "'");
  }
  return ReadySign{AnsweredGet{*address}};
}

struct Missing {
  std::optional<int> status;

  std::string operator()(const AnyListeningSocket&) const {
    return "none of its processes listens at a TCP port";
  }
  std::string operator()(const AnsweringPort& sign) const {
    return "port " + std::to_string(sign.port) + " accepts no connection";
  }
  std::string operator()(const AnsweredGet& sign) const {
    const auto get = "GET " + sign.address.path + " at port " + std::to_string(sign.address.port);
    return get +
           (status ? " was answered with status " + std::to_string(*status) : " was not answered");
  }
  std::string operator()(const PrintedText& sign) const {
    return "it did not print '" + sign.text + "'";
  }
};

}  // namespace

Result<ReadySign> parse_ready(std::string_view text) {
  if (text.empty()) return ReadySign{AnyListeningSocket{}};
  if (const auto digits = after_word(text, "port")) return parse_port(*digits);
  if (const auto address = after_word(text, "GET")) return parse_get(*address);
  if (const auto printed = after_word(text, "text"))
    return ReadySign{PrintedText{std::string(*printed)}};
  return fail(Errc::invalid_argument, ready_option, "'" + std::string(text) + "' is not a sign",
              "write 'port 8000', 'GET URL' or 'text started'");
}

std::string missing_text(const ReadySign& sign, std::optional<int> status) {
  return std::visit(Missing{status}, sign);
}

}  // namespace mprofpp::app
