// The grammar of a line: every line of the input is decoded, what it says is encoded and decoded
// again.

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

/// A CMDLINE is kept as it is, and what mprof wrote into one may be anything.
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
        if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, model::Damage>) {
          dat::append_line(line, value);
        }
      },
      record);
  return line;
}

Collector::Record decoded(std::string_view line) {
  Collector sink;
  const auto known = dat::decode_line(line, sink);
  expect(known.has_value() && *known == dat::Known::yes, "what we write can be read");
  expect(sink.records.size() == 1, "a line that we write is one record");
  return sink.records.front();
}

void check_written(std::string_view line) {
  expect(line.find('\n') == line.size() - 1, "a record is one line");
  expect(line.find('\r') == std::string_view::npos, "no carriage return is written");
  expect(line.find(' ') < line.size(), "a line has a blank, without which mprof's reader dies");
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
  const auto known = dat::decode_line(line, sink);
  expect(sink.records.size() <= 1, "a line is one record at most");
  if (!known || *known == dat::Known::no)
    expect(sink.records.empty(), "a bad line hands nothing on");
  if (!known) expect(!known.error().what.empty(), "a bad line says what is bad");
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
