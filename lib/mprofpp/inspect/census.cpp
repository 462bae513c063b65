#include "mprofpp/inspect/census.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "mprofpp/inspect/detail/answer.hpp"
#include "mprofpp/inspect/detail/answer_json.hpp"

namespace mprofpp::inspect {
namespace {

constexpr std::string_view census_name = "a census";
constexpr std::size_t longest_census = 32 << 20;  ///< of text

TypeCount type_of(const detail::Json& list) {
  return {.name = detail::text_at(list, 0),
          .count = detail::number_at(list, 1),
          .bytes = detail::number_at(list, 2),
          .address = detail::text_at(list, 3)};
}

Container container_of(const detail::Json& object) {
  return {.path = detail::optional_text_in(object, "path"),
          .kind = detail::text_in(object, "kind"),
          .length = detail::number_in(object, "length").value_or(0),
          .bytes = detail::number_in(object, "bytes").value_or(0),
          .address = detail::text_in(object, "address")};
}

OtherTypes others_of(const detail::Json& object) {
  return {.types = detail::number_in(object, "types").value_or(0),
          .count = detail::number_in(object, "count").value_or(0),
          .bytes = detail::number_in(object, "bytes").value_or(0)};
}

std::vector<std::string> options_for(const CensusOptions& options) {
  std::vector<std::string> texts = {detail::max_pause_option(options.patience),
                                    "count=" + std::to_string(options.most_types)};
  if (options.has_untracked) texts.emplace_back("sizes");
  if (options.has_containers) texts.emplace_back("containers");
  if (options.marks == CensusMarks::none) texts.emplace_back(wire::door::unmarked_option);
  if (!options.of.empty()) texts.emplace_back("of");
  return texts;
}

Result<Census> census_in(const detail::Json& json) {
  const auto& types = detail::list_in(json, "types");
  const auto& containers = detail::list_in(json, "containers");
  const auto objects = detail::number_in(json, "objects");
  const auto bytes = detail::number_in(json, "bytes");
  const bool is_too_long = types.size() > most_types || containers.size() > most_containers;
  if (!objects || !bytes || is_too_long) return detail::not_an_answer(census_name);

  Census census{.python = detail::text_in(json, "python"),
                .objects = *objects,
                .bytes = *bytes,
                .is_lower_bound = detail::truth_in(json, "is_lower_bound"),
                .has_untracked = detail::truth_in(json, "untracked"),
                .frozen = detail::number_in(json, "frozen"),
                .other_types = others_of(detail::object_in(json, "other_types"))};
  for (const auto& type : types) census.types.push_back(type_of(type));
  for (const auto& container : containers) census.containers.push_back(container_of(container));
  return census;
}

}  // namespace

Result<Census> parse_census(std::string_view text) {
  const auto json = detail::parse_object(text, census_name);
  return json ? census_in(*json) : Failure(json.error());
}

Result<CallGrowth> parse_call_growth(std::string_view text) {
  const auto json = detail::parse_object(text, census_name);
  if (!json) return Failure(json.error());
  auto before = census_in(detail::object_in(*json, "before"));
  if (!before) return Failure(before.error());
  auto after = census_in(detail::object_in(*json, "after"));
  if (!after) return Failure(after.error());
  constexpr auto longest = static_cast<std::uint64_t>(Duration::max().count());
  const auto time = std::min(detail::number_in(*json, "call_ns").value_or(0), longest);
  return CallGrowth{.function = detail::text_in(*json, "function"),
                    .duration = Duration(static_cast<Duration::rep>(time)),
                    .before = std::move(*before),
                    .after = std::move(*after)};
}

Result<Census> take_census(Client& client, const CensusOptions& options) {
  const auto answer = detail::ask_for_text(client,
                                           {.verb = wire::door::objects_verb,
                                            .options = detail::joined_options(options_for(options)),
                                            .body = options.of,
                                            .patience = options.patience},
                                           longest_census);
  if (!answer) return Failure(answer.error());
  auto census = parse_census(answer->text);
  if (census) census->held = answer->held;
  return census;
}

Result<std::optional<CallGrowth>> take_call_growth(Client& client, const AroundCall& around,
                                                   const Control& control) {
  constexpr Duration time_for_answer = std::chrono::seconds(10);
  const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(around.wait);
  auto options = options_for(around.census);
  options.push_back(wire::door::around_option + around.pattern);
  options.push_back(wire::door::wait_option + std::to_string(wait.count()));
  const auto answer =
      detail::ask_for_text(client,
                           {.verb = wire::door::objects_verb,
                            .options = detail::joined_options(options),
                            .body = around.census.of,
                            .patience = around.census.patience,
                            .limit = around.wait + around.census.patience + time_for_answer},
                           2 * longest_census, control);
  if (!answer) return Failure(answer.error());
  if (!*answer) return std::optional<CallGrowth>();
  auto growth = parse_call_growth((*answer)->text);
  if (!growth) return Failure(growth.error());
  growth->held = (*answer)->held;
  return std::optional(std::move(*growth));
}

}  // namespace mprofpp::inspect
