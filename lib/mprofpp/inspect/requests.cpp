#include "mprofpp/inspect/requests.hpp"

#include <algorithm>

#include "mprofpp/base/text.hpp"
#include "mprofpp/inspect/detail/answer.hpp"
#include "mprofpp/inspect/stacks_json.hpp"

namespace mprofpp::inspect {
namespace {

namespace door = wire::door;

bool is_shown(std::string_view name) {
  return !name.empty() && visible(name) == name && name.find(' ') == std::string_view::npos;
}

std::string options_for(Locals locals, Duration max_pause) {
  const auto options = detail::max_pause_option(max_pause);
  return locals == Locals::shown ? options + "\nlocals" : options;
}

}  // namespace

Result<void> say_hello(Client& client) {
  constexpr std::size_t longest = 4096;
  const auto answer = detail::ask_for_text(
      client, {.verb = door::hello_verb, .limit = std::chrono::seconds(5)}, longest);
  return answer ? Result<void>() : Failure(answer.error());
}

Result<StacksAnswer> read_stacks(Client& client, Locals locals, Duration patience) {
  constexpr std::size_t longest = 64 << 20;
  const auto answer = detail::ask_for_text(
      client,
      {.verb = door::stacks_verb, .options = options_for(locals, patience), .patience = patience},
      longest);
  if (!answer) return Failure(answer.error());
  auto stacks = parse_stacks(answer->text);
  if (!stacks) return Failure(std::move(stacks.error()));
  return StacksAnswer{std::move(*stacks), answer->held};
}

Result<Ending> run_code(Client& client, const Code& code, const TakeOutput& take,
                        const Control& control) {
  std::string options = code.source == Source::script ? "script" : "";
  if (code.runner == Runner::main_thread) {
    options += options.empty() ? "" : "\n";
    options += door::main_option;
  }
  return client.ask({.verb = door::run_verb,
                     .options = std::move(options),
                     .body = code.text,
                     .patience = code.patience},
                    take, control);
}

Result<std::vector<std::string>> complete(Client& client, const std::string& text,
                                          Duration patience) {
  constexpr std::size_t longest = 1 << 20;
  const auto answer = detail::ask_for_text(
      client, {.verb = door::complete_verb, .body = text, .patience = patience}, longest);
  if (!answer) return Failure(answer.error());
  std::vector<std::string> names;
  for_each_line(answer->text, [&](std::string_view name) {
    if (is_shown(name) && name.starts_with(text)) names.emplace_back(name);
  });
  return names;
}

Error not_done(const Ending& ending) {
  const auto what = ending.message.empty() ? "did not do it" : ending.message;
  switch (ending.status.value_or(Status::failed)) {
    case Status::busy:
      return {Errc::busy, "", what};
    case Status::refused:
      return {Errc::denied, "", what};
    case Status::too_long:
      return {Errc::busy, "", what, "allow a longer pause"};
    case Status::unknown:
      return {Errc::unsupported, "", "has the agent of another version of mprofpp"};
    default:
      return {Errc::io, "", what};
  }
}

}  // namespace mprofpp::inspect
