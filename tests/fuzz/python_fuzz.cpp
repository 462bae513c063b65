// Any bytes as the source of a Python program and as the command line of a Python.

#include <algorithm>
#include <string>
#include <vector>

#include "expect.hpp"
#include "mprofpp/python/code_lines.hpp"
#include "mprofpp/python/command.hpp"
#include "mprofpp/python/profile_use.hpp"
#include "target.hpp"

namespace mprofpp::fuzz {
namespace {

void check_source(std::string_view bytes) {
  const auto lines = python::code_lines(bytes);
  const auto last = 1 + std::count(bytes.begin(), bytes.end(), '\n');
  int before = 0;
  for (const auto& line : lines) {
    expect(line.number > before && line.number <= last, "the numbers of lines ascend");
    expect(!line.text.empty() && line.text.front() != ' ', "a line has code and no indentation");
    expect(line.text.find('#') == std::string::npos, "a line has no comment");
    before = line.number;
  }
  const auto found = python::line_of_profile(bytes);
  const auto is_it = [&](const python::CodeLine& line) { return line.number == found; };
  expect(!found || std::any_of(lines.begin(), lines.end(), is_it),
         "the profile that is found is in a line of code");
}

void check_command(std::string_view bytes) {
  std::vector<std::string> arguments;
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    arguments.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  const auto sources = python::sources_of(arguments);
  expect(sources.code.empty() || sources.files.empty(), "code has no file");
  for (const auto& file : sources.files) expect(!file.empty(), "a file has a name");
}

}  // namespace

void check(std::string_view bytes) {
  check_source(bytes);
  check_command(bytes);
}

}  // namespace mprofpp::fuzz
