#include "cli/bound_command.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace mprofpp::app {
namespace {

constexpr std::pair<std::string_view, std::string_view> kept_abbreviations[] = {
    {"--f", "--func"},         {"--f", "--flame"},       {"--s", "--span-titles"},
    {"--sp", "--span-titles"}, {"--mi", "--min-span"},   {"--min", "--min-span"},
    {"--min-", "--min-span"},  {"--l", "--label"},       {"--l", "--log"},
    {"--co", "--color"},       {"--col", "--color"},     {"--colo", "--color"},
    {"--w", "--wait"},         {"--wa", "--wait"},       {"--w", "--wait-all"},
    {"--wa", "--wait-all"},    {"--t", "--timeout"},     {"--al", "--all-calls"},
    {"--all", "--all-calls"},  {"--o", "--output"},      {"--ma", "--max-size"},
    {"--max", "--max-size"},   {"--max-", "--max-size"}, {"--a", "--all-processes"},
};

void keep_abbreviations(OptionShape& shape) {
  for (const auto& [abbreviation, option] : kept_abbreviations) {
    const auto found = std::find(shape.names.begin(), shape.names.end(), option);
    if (found != shape.names.end()) shape.abbreviations.emplace_back(abbreviation);
  }
}

bool takes_operands(const CLI::App& app) {
  const auto options = app.get_options();
  return std::any_of(options.begin(), options.end(),
                     [](const CLI::Option* option) { return !option->nonpositional(); });
}

/// Returns the arguments in the order in which CLI11 takes them: from the last to the first.
Arguments reversed(Arguments options, const Arguments& operands) {
  if (!operands.empty()) options.emplace_back("--");
  options.insert(options.end(), operands.begin(), operands.end());
  std::reverse(options.begin(), options.end());
  return options;
}

/// Fills in the options and turns CLI11's exceptions into errors.
Result<void> fill_in(CLI::App& app, const Arguments& options, const Arguments& operands) {
  try {
    app.parse(reversed(options, operands));
  } catch (const CLI::ParseError& error) {
    return fail(Errc::invalid_argument, "", error.what());
  }
  return {};
}

}  // namespace

std::vector<OptionShape> shapes_of(const CLI::App& app) {
  std::vector<OptionShape> shapes;
  for (const auto* option : app.get_options()) {
    OptionShape shape;
    const bool can_have_value = option->get_items_expected_max() > 0;
    shape.may_take_value = can_have_value && option->get_items_expected_min() == 0;
    shape.takes_value = can_have_value && !shape.may_take_value;
    for (const auto& name : option->get_snames()) shape.names.push_back("-" + name);
    for (const auto& name : option->get_lnames()) shape.names.push_back("--" + name);
    keep_abbreviations(shape);
    if (!shape.names.empty()) shapes.push_back(std::move(shape));
  }
  return shapes;
}

BoundCommand::BoundCommand(const CommandEntry& entry)
    : entry_(entry), command_(entry.make()), app_(entry.summary) {
  app_.set_help_flag();  // help is printed by us, not by CLI11
  command_->bind(app_);
  if (app_.get_option_no_throw("--color") == nullptr) {
    app_.add_option("--color", colour_word_,
                    "auto, always or never: whether messages have colours\n"
                    "(default: auto, on a terminal)")
        ->type_name("WHEN");
  }
  app_.add_flag("-h,--help", help_, "show this help");
  app_.add_flag("--version", version_, "show the version");
}

Result<Operands> BoundCommand::operands_in(const Arguments& arguments) const {
  const auto operands = command_->operands();
  if (operands != Operands::either) return operands;
  const auto first = first_operand(arguments, shapes_of(app_));
  if (!first) return Failure(first.error());
  return !*first || command_->takes_file(**first) ? Operands::files : Operands::program;
}

Result<void> BoundCommand::read_colours() {
  const auto& words = app_.get_option("--color")->results();
  if (words.empty()) return {};
  if (const auto choice = colour_choice(words.back())) {
    colours_ = *choice;
  } else if (!colour_word_.empty()) {
    return fail(Errc::invalid_argument, "--color " + colour_word_, "is not auto, always or never");
  }
  return {};
}

Result<SplitArguments> BoundCommand::parse(const Arguments& arguments) {
  const auto kind = operands_in(arguments);
  if (!kind) return Failure(kind.error());
  const bool has_program = *kind == Operands::program;
  const auto shapes = shapes_of(app_);
  auto split =
      has_program ? split_at_program(arguments, shapes) : separate_operands(arguments, shapes);
  if (!split) return split;
  if (has_program) command_->set_program(split->rest);
  const auto operands = has_program ? Arguments{} : split->rest;
  if (!operands.empty() && !takes_operands(app_)) {
    return fail(Errc::invalid_argument, operands.front(), "unexpected argument");
  }
  if (auto filled = fill_in(app_, split->options, operands); !filled) {
    return Failure(std::move(filled.error()));
  }
  if (auto read = read_colours(); !read) return Failure(std::move(read.error()));
  return split;
}

}  // namespace mprofpp::app
