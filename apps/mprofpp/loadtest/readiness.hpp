#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "loadtest/web_address.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// The signs by which a service shows that it is ready.
struct AnyListeningSocket {};  ///< one of its processes listens at some TCP port
struct AnsweringPort {         ///< connections to the port are accepted
  std::uint16_t port = 0;
};
struct AnsweredGet {  ///< a GET request is answered with a status below 400
  WebAddress address;
};
struct PrintedText {  ///< the service prints it
  std::string text;
};
using ReadySign = std::variant<AnyListeningSocket, AnsweringPort, AnsweredGet, PrintedText>;

/// Parses the value of --ready: "port 8000", "GET http://127.0.0.1:8000/" or "text started". An empty one is
/// AnyListeningSocket. Errors: invalid_argument.
Result<ReadySign> parse_ready(std::string_view text);

/// Describes the sign as the end of "the service was not ready: …". `status` is that of the last answer to
/// GET.
std::string missing_text(const ReadySign& sign, std::optional<int> status);

}  // namespace mprofpp::app
