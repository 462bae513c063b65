// The grammar of a line. Decodes every line of the input, encodes the records, and decodes them again.

#include <algorithm>
#include <string>

#include "expect.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/dat/decode.hpp"
#include "mprofpp/dat/encode.hpp"
#include "support/collector.hpp"
#include "target.hpp"

namespace mprofpp::fuzz {
namespace {

using test::Collector;

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20;
}

/// True if the record is a CMDLINE that mprofpp would not have written. The text of a CMDLINE line is
/// taken as it is, and mprof writes any bytes into it.
bool is_foreign_command(const Collector::Record& record) {
  const auto* command = std::get_if<model::CommandLine>(&record);
  return command != nullptr &&
         (to_valid_utf8(command->text) != command->text ||
          std::any_of(command->text.begin(), command->text.end(), is_control));
}

std::string encoded(const Collector::Record& record) {
  std::string line;
  std::visit(
      [&](const auto& value) {
        using Value = std::decay_t<decltype(value)>;
        constexpr bool is_line =
            !std::is_same_v<Value, model::Damage> && !std::is_same_v<Value, model::Held>;
        if constexpr (is_line) {
          dat::append_line(line, value);
        }
      },
      record);
  return line;
}

Collector::Record decoded(std::string_view line) {
  Collector sink;
  const auto kind = dat::decode_line(line, sink);
  expect(kind.has_value() && *kind == dat::LineKind::known, "what we write can be read");
  expect(sink.records.size() == 1, "a line that we write is one record");
  return sink.records.front();
}

void check_written(std::string_view line) {
  expect(line.find('\n') == line.size() - 1, "a record is one line");
  expect(line.find('\r') == std::string_view::npos, "no carriage return is written");
  expect(line.find(' ') < line.size(), "a line has a space, without which mprof's reader fails");
  expect(to_valid_utf8(line) == line, "what is written is UTF-8");
}

void check_round_trip(const Collector::Record& record) {
  if (is_foreign_command(record)) return;
  const auto line = encoded(record);
  check_written(line);
  const auto again = decoded(std::string_view(line).substr(0, line.size() - 1));
  expect(again.index() == record.index(), "a record keeps its kind");
  expect(encoded(again) == line, "writing what was read changes nothing");
}

void check_line(std::string_view line) {
  Collector sink;
  const auto kind = dat::decode_line(line, sink);
  expect(sink.records.size() <= 1, "a line is one record at most");
  if (!kind || *kind == dat::LineKind::unknown)
    expect(sink.records.empty(), "a bad line yields no record");
  if (!kind) expect(!kind.error().what.empty(), "a bad line is reported with a reason");
  for (const auto& record : sink.records) check_round_trip(record);
}

}  // namespace

void check(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    check_line(bytes.substr(0, end));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
}

}  // namespace mprofpp::fuzz
