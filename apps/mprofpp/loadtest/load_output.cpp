#include "loadtest/load_output.hpp"

#include <algorithm>
#include <string>

#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

/// Returns the number at the start of the text; nothing if there is none.
std::optional<std::uint64_t> leading_number(std::string_view text) {
  const auto end = std::min(text.size(), text.find_first_not_of("0123456789"));
  return parse_integer<std::uint64_t>(text.substr(0, end));
}

/// Returns the number that follows `label` in the line; nothing if the line does not have both.
std::optional<std::uint64_t> number_after(std::string_view line, std::string_view label) {
  const auto at = line.find(label);
  if (at == std::string_view::npos) return std::nullopt;
  return leading_number(trim(line.substr(at + label.size())));
}

/// Collects the counts from the lines of one output.
class Counter {
 public:
  void take(std::string_view line) {
    const auto text = trim(line);
    take_ab(text);
    take_wrk(text);
    take_hey(text);
  }

  std::optional<RequestCounts> counts() const {
    if (!any_) return std::nullopt;
    const auto other_status = std::min(other_status_, complete_);
    return RequestCounts{complete_, std::min(failed_ + other_status, complete_), other_status};
  }

 private:
  /// ab counts answers of another length as failed, but pages differ.
  void take_ab(std::string_view line) {
    if (line.starts_with("Complete requests:")) complete(number_after(line, ":").value_or(0));
    if (line.starts_with("Failed requests:")) failed_ += number_after(line, ":").value_or(0);
    if (line.starts_with("(Connect:")) {
      failed_ -= std::min(failed_, number_after(line, "Length:").value_or(0));
    }
    if (line.starts_with("Non-2xx responses:")) {
      other_status_ += number_after(line, ":").value_or(0);
    }
  }

  void take_wrk(std::string_view line) {
    if (line.find(" requests in ") != std::string_view::npos) {
      if (const auto number = leading_number(line)) complete(*number);
    }
    other_status_ += number_after(line, "Non-2xx or 3xx responses:").value_or(0);
    if (!line.starts_with("Socket errors:")) return;
    for (const auto* const kind : {"connect ", "read ", "write ", "timeout "}) {
      failed_ += number_after(line, kind).value_or(0);
    }
  }

  /// hey has a line for each status, "[200] 2000 responses", and, after "Error distribution:", one for each
  /// error.
  void take_hey(std::string_view line) {
    if (line.starts_with("Error distribution:")) in_errors_ = true;
    if (!line.starts_with("[")) return;
    const auto number = leading_number(line.substr(1));
    const auto responses = number_after(line, "]");
    if (!number || line.find(']') == std::string_view::npos) return;
    if (in_errors_) {
      complete(*number);
      failed_ += *number;
    } else if (responses && line.ends_with(" responses")) {
      constexpr std::uint64_t first_error = 400;
      complete(*responses);
      if (*number >= first_error) other_status_ += *responses;
    }
  }

  void complete(std::uint64_t number) {
    complete_ += number;
    any_ = true;
  }

  std::uint64_t complete_ = 0;
  std::uint64_t failed_ = 0;  // without an answer
  std::uint64_t other_status_ = 0;
  bool any_ = false;
  bool in_errors_ = false;
};

}  // namespace

std::optional<RequestCounts> count_requests(std::string_view output) {
  Counter counter;
  for_each_line(output, [&](std::string_view line) { counter.take(line); });
  return counter.counts();
}

}  // namespace mprofpp::app
