#include "mprofpp/inspect/holders.hpp"

#include <algorithm>

#include "mprofpp/inspect/detail/answer.hpp"
#include "mprofpp/inspect/detail/answer_json.hpp"

namespace mprofpp::inspect {
namespace {

constexpr std::string_view holders_name = "an answer about holders";

std::optional<TargetState> state_named(const std::string& name) {
  if (name == "held") return TargetState::held;
  if (name == "unreachable") return TargetState::unreachable;
  if (name == "gone") return TargetState::gone;
  if (name == "not found") return TargetState::not_found;
  return std::nullopt;
}

Step step_of(const detail::Json& object) {
  return {.address = detail::text_in(object, "address"),
          .type = detail::text_in(object, "type"),
          .name = detail::optional_text_in(object, "name"),
          .via = detail::optional_text_in(object, "via")};
}

Chain chain_of(const detail::Json& object) {
  Chain chain{.root = detail::text_in(object, "root"), .steps = {}};
  for (const auto& step : detail::list_in(object, "steps")) chain.steps.push_back(step_of(step));
  return chain;
}

Target target_of(const detail::Json& object, TargetState state) {
  Target target{.target = detail::text_in(object, "target"),
                .address = detail::text_in(object, "address"),
                .type = detail::text_in(object, "type"),
                .size = detail::number_in(object, "size").value_or(0),
                .value = detail::optional_text_in(object, "value"),
                .references = detail::number_in(object, "references"),
                .state = state};
  for (const auto& chain : detail::list_in(object, "chains")) {
    target.chains.push_back(chain_of(chain));
    if (target.chains.back().steps.empty()) target.chains.pop_back();
  }
  for (const auto& [type, count] : detail::object_in(object, "holders").items()) {
    if (count.is_number_unsigned()) target.holders.emplace_back(type, count.get<std::uint64_t>());
  }
  std::stable_sort(target.holders.begin(), target.holders.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return target;
}

std::size_t count_steps(const Target& target) {
  std::size_t count = 0;
  for (const auto& chain : target.chains) count += chain.steps.size();
  return count;
}

std::string options_for(const HoldersOptions& options) {
  return detail::joined_options({detail::max_pause_option(options.patience),
                                 "count=" + std::to_string(options.count),
                                 "depth=" + std::to_string(options.depth)});
}

}  // namespace

Result<Holders> parse_holders(std::string_view text) {
  const auto json = detail::parse_object(text, holders_name);
  if (!json) return Failure(json.error());
  const auto& targets = detail::list_in(*json, "targets");
  if (!json->contains("targets") || targets.size() > most_targets)
    return detail::not_an_answer(holders_name);
  Holders holders{.python = detail::text_in(*json, "python"),
                  .objects = detail::number_in(*json, "objects").value_or(0),
                  .edges = detail::number_in(*json, "edges").value_or(0)};
  std::size_t steps = 0;
  for (const auto& target : targets) {
    const auto state = state_named(detail::text_in(target, "state"));
    if (!state) return detail::not_an_answer(holders_name);
    holders.targets.push_back(target_of(target, *state));
    steps += count_steps(holders.targets.back());
    if (steps > most_steps) return detail::not_an_answer(holders_name);
  }
  return holders;
}

Result<Holders> find_holders(Client& client, const HoldersOptions& options) {
  constexpr std::size_t longest = 32 << 20;
  for (const auto& target : options.targets) {
    if (target.find('\n') != std::string::npos)
      return fail(Errc::invalid_argument, target, "is neither an address nor an expression");
  }
  const auto answer = detail::ask_for_text(client,
                                           {.verb = wire::door::holders_verb,
                                            .options = options_for(options),
                                            .body = detail::joined_options(options.targets),
                                            .patience = options.patience},
                                           longest);
  if (!answer) return Failure(answer.error());
  auto holders = parse_holders(answer->text);
  if (holders) holders->held = answer->held;
  return holders;
}

}  // namespace mprofpp::inspect
