#include "mprofpp/inspect/detail/answer_json.hpp"

#include <cmath>

namespace mprofpp::inspect::detail {
namespace {

constexpr int greatest_depth = 16;
constexpr std::size_t most_values = 4'000'000;

/// Returns the member of an object, or null.
const Json& member(const Json& object, const char* name) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

const Json& element(const Json& list, std::size_t index) {
  static const Json nothing;
  return list.is_array() && index < list.size() ? list[index] : nothing;
}

std::optional<std::uint64_t> number(const Json& value) {
  return value.is_number_unsigned() ? std::optional(value.get<std::uint64_t>()) : std::nullopt;
}

}  // namespace

Result<Json> parse_object(std::string_view text, std::string_view what) {
  std::size_t values = 0;
  bool is_too_much = false;
  const auto take = [&](int depth, Json::parse_event_t, Json&) {
    is_too_much = is_too_much || depth > greatest_depth || ++values > most_values;
    return !is_too_much;
  };
  auto json = Json::parse(text.begin(), text.end(), take, false);
  if (is_too_much || !json.is_object()) return not_an_answer(what);
  return json;
}

Failure not_an_answer(std::string_view what) {
  return fail(Errc::malformed, "", "has sent something that is not " + std::string(what));
}

const Json& list_in(const Json& object, const char* name) {
  static const Json none = Json::array();
  const auto& value = member(object, name);
  return value.is_array() ? value : none;
}

const Json& object_in(const Json& object, const char* name) {
  static const Json none = Json::object();
  const auto& value = member(object, name);
  return value.is_object() ? value : none;
}

std::string text_in(const Json& object, const char* name) {
  return optional_text_in(object, name).value_or("");
}

std::optional<std::string> optional_text_in(const Json& object, const char* name) {
  const auto& value = member(object, name);
  return value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt;
}

std::optional<std::uint64_t> number_in(const Json& object, const char* name) {
  return number(member(object, name));
}

std::optional<double> real_in(const Json& object, const char* name) {
  const auto& value = member(object, name);
  if (!value.is_number() || !std::isfinite(value.get<double>())) return std::nullopt;
  return value.get<double>();
}

bool truth_in(const Json& object, const char* name) {
  const auto& value = member(object, name);
  return value.is_boolean() && value.get<bool>();
}

std::string text_at(const Json& list, std::size_t index) {
  const auto& value = element(list, index);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::uint64_t number_at(const Json& list, std::size_t index) {
  return number(element(list, index)).value_or(0);
}

}  // namespace mprofpp::inspect::detail
