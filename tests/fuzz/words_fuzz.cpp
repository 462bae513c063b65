// A command line cut in ours and the program's. A line of the input is a word.

#include <algorithm>
#include <string>
#include <vector>

#include "expect.hpp"
#include "target.hpp"
#include "words.hpp"

namespace mprofpp::fuzz {
namespace {

using Words = std::vector<std::string>;

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

Words words_of(std::string_view bytes) {
  Words words;
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    words.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
  return words;
}

/// The options as they came out, two dashes, and the operands: a command line that means the same.
Words spelled_out(const app::CutWords& cut) {
  Words words = cut.options;
  words.emplace_back("--");
  words.insert(words.end(), cut.rest.begin(), cut.rest.end());
  return words;
}

template <class Cut>
void check_again(const app::CutWords& first, Cut cut) {
  for (const auto& option : first.options) {
    expect(option.size() > 1 && option[0] == '-', "every option begins with a dash");
  }
  const auto again = cut(spelled_out(first), options());
  expect(again.has_value(), "options that were spelled out are understood");
  expect(again->options == first.options, "options that were spelled out stay as they are");
  expect(again->rest == first.rest, "operands stay as they are");
}

void check_program(const Words& words) {
  const auto cut = app::cut_at_program(words, options());
  if (!cut) {
    expect(cut.error().code == Errc::invalid_argument, "a bad option is the caller's mistake");
    expect(!cut.error().place.empty(), "a bad option is named");
    return;
  }
  expect(cut->rest.size() <= words.size() &&
             std::equal(cut->rest.rbegin(), cut->rest.rend(), words.rbegin()),
         "the program's words reach it byte for byte");
  check_again(*cut, app::cut_at_program);
}

void check_operands(const Words& words) {
  const auto cut = app::separate_operands(words, options());
  if (!cut) return;
  for (const auto& operand : cut->rest) {
    expect(std::find(words.begin(), words.end(), operand) != words.end(), "an operand was a word");
  }
  check_again(*cut, app::separate_operands);
}

}  // namespace

void check(std::string_view bytes) {
  const auto words = words_of(bytes);
  check_program(words);
  check_operands(words);
}

}  // namespace mprofpp::fuzz
