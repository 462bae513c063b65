#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "mprofpp/base/result.hpp"

/// Reads the JSON of a program that is not trusted: its size, its depth and its values are checked.
namespace mprofpp::inspect::detail {

using Json = nlohmann::json;

/// Parses an object. `what` completes the message "has sent something that is not …". Errors: malformed, also
/// if the object is so deep or has so many values that it would take too much memory.
Result<Json> parse_object(std::string_view text, std::string_view what);

/// Returns the error of a text that is not what was asked for.
Failure not_an_answer(std::string_view what);

// Return the member of an object. If it does not exist or has another type, they return an empty value.

const Json& list_in(const Json& object, const char* name);
const Json& object_in(const Json& object, const char* name);
std::string text_in(const Json& object, const char* name);
std::optional<std::string> optional_text_in(const Json& object, const char* name);
std::optional<std::uint64_t> number_in(const Json& object, const char* name);
std::optional<double> real_in(const Json& object, const char* name);
bool truth_in(const Json& object, const char* name);

// The same for the element of a list.

std::string text_at(const Json& list, std::size_t index);
std::uint64_t number_at(const Json& list, std::size_t index);

}  // namespace mprofpp::inspect::detail
