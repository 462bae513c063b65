#include "mprofpp/inspect/detail/answer.hpp"

#include <chrono>
#include <utility>

#include "mprofpp/inspect/requests.hpp"

namespace mprofpp::inspect::detail {

Result<Answer> ask_for_text(Client& client, Request request, std::size_t longest) {
  auto answer = ask_for_text(client, std::move(request), longest, {});
  if (!answer) return Failure(std::move(answer.error()));
  return std::move(**answer);
}

Result<std::optional<Answer>> ask_for_text(Client& client, Request request, std::size_t longest,
                                           const Control& control) {
  constexpr Duration time_for_answer = std::chrono::seconds(10);
  if (!request.limit) request.limit = request.patience + time_for_answer;
  Answer answer;
  bool is_too_long = false;
  const auto take = [&](Stream stream, std::string_view part) {
    if (stream != Stream::out) return true;
    is_too_long = part.size() > longest - answer.text.size();
    if (!is_too_long) answer.text += part;
    return !is_too_long;
  };
  const auto ending = client.ask(request, take, control);
  if (!ending) return Failure(ending.error());
  if (is_too_long) return fail(Errc::malformed, "", "has sent more than an answer can have");
  if (!ending->status) return std::optional<Answer>();
  if (*ending->status != Status::done) return Failure(not_done(*ending));
  answer.held = ending->held;
  return std::optional(std::move(answer));
}

std::string max_pause_option(Duration pause) {
  const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(pause).count();
  return wire::door::max_pause_option + std::to_string(limit);
}

std::string joined_options(const std::vector<std::string>& options) {
  std::string text;
  for (const auto& option : options) text += (text.empty() ? "" : "\n") + option;
  return text;
}

}  // namespace mprofpp::inspect::detail
