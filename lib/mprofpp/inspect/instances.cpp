#include "mprofpp/inspect/instances.hpp"

#include "mprofpp/inspect/detail/answer.hpp"
#include "mprofpp/inspect/detail/answer_json.hpp"

namespace mprofpp::inspect {
namespace {

constexpr std::string_view instances_name = "a list of objects";

Instance instance_of(const detail::Json& object) {
  return {.address = detail::text_in(object, "address"),
          .size = detail::number_in(object, "size").value_or(0),
          .length = detail::number_in(object, "length"),
          .value = detail::optional_text_in(object, "value")};
}

/// Agents write addresses without 0x where there are many of them.
std::string address_of(const std::string& text) {
  return text.starts_with("0x") ? text : "0x" + text;
}

TypeInstances instances_of(const detail::Json& object) {
  TypeInstances type{.type = detail::text_in(object, "type"),
                     .address = detail::text_in(object, "address"),
                     .count = detail::number_in(object, "count").value_or(0),
                     .bytes = detail::number_in(object, "bytes").value_or(0),
                     .is_lower_bound = detail::truth_in(object, "is_lower_bound")};
  for (const auto& instance : detail::list_in(object, "largest"))
    type.largest.push_back(instance_of(instance));
  const auto& addresses = detail::list_in(object, "addresses");
  for (std::size_t i = 0; i < addresses.size(); ++i)
    type.addresses.push_back(address_of(detail::text_at(addresses, i)));
  return type;
}

std::string options_for(const InstancesOptions& options) {
  std::vector<std::string> texts = {detail::max_pause_option(options.patience),
                                    "type=" + options.type,
                                    "count=" + std::to_string(options.count)};
  if (options.runs_code) texts.emplace_back("repr");
  if (options.addresses == Addresses::listed) texts.emplace_back("addresses");
  return detail::joined_options(texts);
}

}  // namespace

Result<Instances> parse_instances(std::string_view text) {
  const auto json = detail::parse_object(text, instances_name);
  if (!json) return Failure(json.error());
  if (!json->contains("types")) return detail::not_an_answer(instances_name);
  Instances instances{.python = detail::text_in(*json, "python")};
  std::size_t count = 0;
  for (const auto& type : detail::list_in(*json, "types")) {
    instances.types.push_back(instances_of(type));
    count += instances.types.back().largest.size() + instances.types.back().addresses.size();
    if (count > most_instances) return detail::not_an_answer(instances_name);
  }
  const auto& near = detail::list_in(*json, "near");
  for (std::size_t i = 0; i < near.size(); ++i) instances.near.push_back(detail::text_at(near, i));
  return instances;
}

Result<Instances> find_instances(Client& client, const InstancesOptions& options) {
  constexpr std::size_t longest = 32 << 20;
  if (options.type.find('\n') != std::string::npos)
    return fail(Errc::invalid_argument, options.type, "is not the name of a type");
  const auto answer = detail::ask_for_text(client,
                                           {.verb = wire::door::instances_verb,
                                            .options = options_for(options),
                                            .patience = options.patience},
                                           longest);
  if (!answer) return Failure(answer.error());
  auto instances = parse_instances(answer->text);
  if (instances) instances->held = answer->held;
  return instances;
}

}  // namespace mprofpp::inspect
