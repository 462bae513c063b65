#include "mprofpp/inspect/collector.hpp"

#include <algorithm>

#include "mprofpp/inspect/detail/answer.hpp"
#include "mprofpp/inspect/detail/answer_json.hpp"

namespace mprofpp::inspect {
namespace {

constexpr std::string_view collector_name = "the state of a collector";

std::vector<NamedCount> counts_in(const detail::Json& object, const char* name) {
  std::vector<NamedCount> counts;
  for (const auto& pair : detail::list_in(object, name))
    counts.push_back({detail::text_at(pair, 0), detail::number_at(pair, 1)});
  return counts;
}

std::vector<Generation> generations_of(const detail::Json& json) {
  const auto& thresholds = detail::list_in(json, "thresholds");
  const auto& counts = detail::list_in(json, "counts");
  std::vector<Generation> generations;
  for (const auto& object : detail::list_in(json, "generations")) {
    const auto index = generations.size();
    Generation generation{.threshold = {},
                          .objects = {},
                          .collections = detail::number_in(object, "collections").value_or(0),
                          .collected = detail::number_in(object, "collected").value_or(0),
                          .uncollectable = detail::number_in(object, "uncollectable").value_or(0)};
    if (index < thresholds.size()) generation.threshold = detail::number_at(thresholds, index);
    if (index < counts.size()) generation.objects = detail::number_at(counts, index);
    generations.push_back(generation);
  }
  return generations;
}

std::optional<Trial> trial_of(const detail::Json& json) {
  const auto& object = detail::object_in(json, "trial");
  if (object.empty()) return std::nullopt;
  Trial trial{.objects = detail::number_in(object, "objects").value_or(0),
              .bytes = detail::number_in(object, "bytes").value_or(0),
              .uncollectable = detail::number_in(object, "uncollectable").value_or(0),
              .seconds = detail::real_in(object, "seconds")};
  for (const auto& type : detail::list_in(object, "types"))
    trial.types.push_back({detail::text_at(type, 0), detail::number_at(type, 1),
                           detail::number_at(type, 2), detail::text_at(type, 3)});
  return trial;
}

}  // namespace

Result<CollectorState> parse_collector(std::string_view text) {
  const auto json = detail::parse_object(text, collector_name);
  if (!json) return Failure(json.error());
  if (!json->contains("enabled")) return detail::not_an_answer(collector_name);
  CollectorState state{.python = detail::text_in(*json, "python"),
                       .is_enabled = detail::truth_in(*json, "enabled"),
                       .generations = generations_of(*json),
                       .collection_seconds = detail::real_in(*json, "collection_seconds"),
                       .garbage = counts_in(*json, "garbage"),
                       .frozen = detail::number_in(*json, "frozen"),
                       .finalizers = counts_in(*json, "finalizers"),
                       .callbacks = detail::number_in(*json, "callbacks").value_or(0),
                       .trial = trial_of(*json)};
  const auto& debug = detail::list_in(*json, "debug");
  for (std::size_t i = 0; i < debug.size(); ++i) state.debug.push_back(detail::text_at(debug, i));
  return state;
}

Result<CollectorState> read_collector(Client& client, TrialCollection trial, Duration patience) {
  constexpr std::size_t longest = 16 << 20;
  std::vector<std::string> options = {detail::max_pause_option(patience)};
  if (trial == TrialCollection::made) options.emplace_back("collect");
  const auto answer = detail::ask_for_text(client,
                                           {.verb = wire::door::collector_verb,
                                            .options = detail::joined_options(options),
                                            .patience = patience},
                                           longest);
  if (!answer) return Failure(answer.error());
  auto state = parse_collector(answer->text);
  if (state) state->held = answer->held;
  return state;
}

}  // namespace mprofpp::inspect
