#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/inspect/client.hpp"

namespace mprofpp::inspect::detail {

/// The output of a request that was carried out.
struct Answer {
  std::string text;
  Duration held{};
};

/// Sends a request whose answer has at most `longest` bytes; what the program prints meanwhile is left out.
/// Limits the time of the answer in addition to the patience of the request. Errors: those of not_done() and
/// Client::ask().
Result<Answer> ask_for_text(Client& client, Request request, std::size_t longest);
/// Does the same while the user may leave: then there is nothing.
Result<std::optional<Answer>> ask_for_text(Client& client, Request request, std::size_t longest,
                                           const Control& control);

/// Returns the option of a request that says how long the program may be stopped.
std::string max_pause_option(Duration pause);

/// Returns options as a request has them.
std::string joined_options(const std::vector<std::string>& options);

}  // namespace mprofpp::inspect::detail
