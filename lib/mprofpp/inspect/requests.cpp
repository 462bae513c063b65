#include "mprofpp/inspect/requests.hpp"

#include <algorithm>

#include "mprofpp/base/text.hpp"
#include "mprofpp/inspect/stacks_json.hpp"

namespace mprofpp::inspect {
namespace {

namespace door = wire::door;

/// In addition to the time for which the agent waits.
constexpr Duration time_for_answer = std::chrono::seconds(10);

/// Collects the output of a request up to a size.
class Collector {
 public:
  explicit Collector(std::size_t most) : most_(most) {}

  TakeOutput take() {
    return [this](Stream stream, std::string_view part) {
      if (stream != Stream::out) return true;
      if (part.size() > most_ - text_.size()) return false;
      text_ += part;
      return true;
    };
  }
  const std::string& text() const { return text_; }

 private:
  std::size_t most_;
  std::string text_;
};

Failure too_much() {
  return fail(Errc::malformed, "", "has sent more than an answer can have");
}

bool is_shown(std::string_view name) {
  return !name.empty() && visible(name) == name && name.find(' ') == std::string_view::npos;
}

std::string options_for(Locals locals, Duration max_pause) {
  const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(max_pause).count();
  const std::string options = std::string(door::max_pause_option) + std::to_string(limit);
  return locals == Locals::shown ? options + "\nlocals" : options;
}

}  // namespace

Result<void> say_hello(Client& client) {
  constexpr std::size_t longest = 4096;
  Collector collector(longest);
  const auto ending =
      client.ask({.verb = door::hello_verb, .limit = std::chrono::seconds(5)}, collector.take());
  if (!ending) return Failure(ending.error());
  if (!ending->status) return too_much();
  return {};
}

Result<StacksAnswer> read_stacks(Client& client, Locals locals, Duration patience) {
  constexpr std::size_t longest = 64 << 20;
  Collector collector(longest);
  const auto ending = client.ask({.verb = door::stacks_verb,
                                  .options = options_for(locals, patience),
                                  .patience = patience,
                                  .limit = patience + time_for_answer},
                                 collector.take());
  if (!ending) return Failure(ending.error());
  if (!ending->status) return too_much();
  if (*ending->status != Status::done) return Failure(not_done(*ending));
  auto stacks = parse_stacks(collector.text());
  if (!stacks) return Failure(std::move(stacks.error()));
  return StacksAnswer{std::move(*stacks), ending->held};
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
  Collector collector(longest);
  const auto ending = client.ask({.verb = door::complete_verb,
                                  .body = text,
                                  .patience = patience,
                                  .limit = patience + time_for_answer},
                                 collector.take());
  if (!ending) return Failure(ending.error());
  if (!ending->status) return too_much();
  if (*ending->status != Status::done) return Failure(not_done(*ending));
  std::vector<std::string> names;
  for_each_line(collector.text(), [&](std::string_view name) {
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
    case Status::unknown:
      return {Errc::unsupported, "", "has the agent of another version of mprofpp"};
    default:
      return {Errc::io, "", what};
  }
}

}  // namespace mprofpp::inspect
