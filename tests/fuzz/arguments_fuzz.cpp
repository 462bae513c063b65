// A command line that is split into mprofpp's options and the program. Each line of the input is an argument.

#include <algorithm>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "expect.hpp"
#include "target.hpp"

namespace mprofpp::fuzz {
namespace {

using app::Arguments;

const std::vector<app::OptionShape>& options() {
  static const std::vector<app::OptionShape> shapes = {
      {{"-T", "--interval"}, true},
      {{"-C", "--include-children"}, false},
      {{"-M", "--multiprocess"}, false},
      {{"-o", "--output"}, true},
      {{"--python"}, false},
      {{"--nopython"}, false},
      {{"-E", "--exit-code"}, false},
      {{"--no-exit-code"}, false},
      {{"-w"}, true},
  };
  return shapes;
}

Arguments arguments_of(std::string_view bytes) {
  Arguments arguments;
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    arguments.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
  return arguments;
}

/// Returns the normalised options, two dashes and the operands: a command line with the same meaning.
Arguments spelled_out(const app::SplitArguments& split) {
  Arguments arguments = split.options;
  arguments.emplace_back("--");
  arguments.insert(arguments.end(), split.rest.begin(), split.rest.end());
  return arguments;
}

template <class Split>
void check_again(const app::SplitArguments& first, Split split) {
  for (const auto& option : first.options) {
    expect(option.size() > 1 && option[0] == '-', "every option starts with a dash");
  }
  const auto again = split(spelled_out(first), options());
  expect(again.has_value(), "normalised options are accepted");
  expect(again->options == first.options, "normalised options do not change again");
  expect(again->rest == first.rest, "operands do not change");
}

void check_program(const Arguments& arguments) {
  const auto split = app::split_at_program(arguments, options());
  if (!split) {
    expect(split.error().code == Errc::invalid_argument, "a bad option is the caller's mistake");
    expect(!split.error().place.empty(), "a bad option is named");
    return;
  }
  expect(split->rest.size() <= arguments.size() &&
             std::equal(split->rest.rbegin(), split->rest.rend(), arguments.rbegin()),
         "the program gets its arguments byte for byte");
  check_again(*split, app::split_at_program);
}

void check_operands(const Arguments& arguments) {
  const auto split = app::separate_operands(arguments, options());
  if (!split) return;
  for (const auto& operand : split->rest) {
    expect(std::find(arguments.begin(), arguments.end(), operand) != arguments.end(),
           "an operand is one of the arguments");
  }
  check_again(*split, app::separate_operands);
}

}  // namespace

void check(std::string_view bytes) {
  const auto arguments = arguments_of(bytes);
  check_program(arguments);
  check_operands(arguments);
}

}  // namespace mprofpp::fuzz
