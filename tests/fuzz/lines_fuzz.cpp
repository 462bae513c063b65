// The file of line tables, into which a recorded process can write anything. The input is the blocks of a
// table, and its beginning also a header.

#include <algorithm>
#include <cstring>
#include <string>

#include "expect.hpp"
#include "mprofpp/ring/line_table.hpp"
#include "mprofpp/wire/layout.hpp"
#include "target.hpp"

namespace mprofpp::fuzz {
namespace {

constexpr std::uint64_t most = std::uint64_t{1} << 62;

/// Reads the header with the stamp of this build. A table with any other stamp is refused at once.
void check_header(std::string_view input) {
  std::string bytes(input.substr(0, sizeof(wire::LineTableHeader)));
  constexpr auto at = offsetof(wire::LineTableHeader, stamp);
  if (bytes.size() >= at + sizeof wire::stamp) {
    std::memcpy(bytes.data() + at, &wire::stamp, sizeof wire::stamp);
  }
  const auto identity = ring::parse_table_identity(bytes);
  expect(!identity || bytes.size() == sizeof(wire::LineTableHeader), "a header is complete");
  if (bytes.size() < sizeof(wire::LineTableHeader)) return;
  const auto state = ring::parse_table_state(bytes);
  expect(state.allocated >= Bytes{} && state.highest >= Bytes{}, "no amount is negative");
}

void check_function(const ring::CountedFunction& function) {
  expect(function.key.first_line >= 1, "lines are counted from 1");
  expect(function.key.name.size() <= 4096 && function.key.file.size() <= 4096, "names are short");
  expect(function.calls.calls < most && function.calls.most_entry < most, "numbers are possible");
  for (const auto& [line, numbers] : function.lines) {
    expect(line >= function.key.first_line && line <= 0x7fffffff, "a line is in its function");
    expect(numbers.count < most && numbers.most < most && numbers.peak < most,
           "numbers are possible");
  }
}

}  // namespace

void check(std::string_view input) {
  check_header(input);
  auto content = ring::parse_table_blocks(input);
  expect(content.functions.size() <= input.size() / sizeof(wire::FunctionBlock),
         "there are no more functions than blocks");
  expect(content.other_names.size() <= input.size() / sizeof(wire::NameBlock),
         "there are no more names than blocks");
  for (auto& function : content.functions) {
    check_function(function);
    const auto once = function;
    ring::add(once, function);
    check_function(function);
    expect(function.lines.size() == once.lines.size(), "the sum has the same lines");
  }
}

}  // namespace mprofpp::fuzz
