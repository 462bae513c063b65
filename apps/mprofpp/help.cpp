#include "help.hpp"

#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

constexpr std::size_t text_column = 28;

/// "  left      right" with the right part's own lines indented alike.
void append_row(std::string& out, const std::string& left, std::string_view right,
                std::size_t column) {
  out += "  " + left;
  const auto used = 2 + count_characters(left);
  if (used + 2 > column)
    out += "\n" + std::string(column, ' ');
  else
    out += std::string(column - used, ' ');
  for (const char c : right) {
    out += c;
    if (c == '\n') out += std::string(column, ' ');
  }
  out += '\n';
}

std::string spelling(const CLI::Option& option) {
  std::string text;
  for (const auto& name : option.get_snames()) text += (text.empty() ? "-" : ", -") + name;
  for (const auto& name : option.get_lnames()) text += (text.empty() ? "    --" : ", --") + name;
  if (option.get_items_expected_max() > 0) text += " " + option.get_type_name();
  return text;
}

}  // namespace

std::string general_help() {
  std::string text =
      "mprofpp records the memory of any program over time and draws it.\n"
      "\n"
      "usage: mprofpp COMMAND [OPTIONS] …\n"
      "\n"
      "  mprofpp run -C -M gunicorn app:app    record a server with all its workers\n"
      "  mprofpp peak                          how much it needed\n"
      "  mprofpp plot -o server.png            the picture\n"
      "\n"
      "commands:\n";
  for (const auto& entry : all_commands()) append_row(text, entry.name, entry.summary, 12);
  text +=
      "\n"
      "A recording is a text file, mprofile_<date and time>.dat unless -o names it. Commands that\n"
      "read one take the newest mprofile_*.dat of the folder if you name none. memory_profiler's\n"
      "mprof reads our recordings, and mprofpp reads mprof's.\n"
      "\n"
      "Which function had the memory: @profile in Python or --trace 'app.*' without it; mprofpp.h or\n"
      "-finstrument-functions in C and C++; mprofpp span in scripts. plot --flame draws their calls,\n"
      "peak --func '*' tells which of them added most.\n"
      "\n"
      "exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted. run returns the program's own\n"
      "status, 128+n when signal n ended it; 124 when its time was up, 125 if mprofpp itself failed,\n"
      "126 and 127 if the program cannot be executed or found.\n"
      "\n"
      "mprofpp COMMAND --help says more about each command; NO_COLOR=1 turns colours off.\n";
  return text;
}

std::string command_help(const CommandEntry& entry, const Command& command, const CLI::App& app) {
  std::string text = std::string("usage: mprofpp ") + entry.name + " [OPTIONS]";
  for (const auto* option : app.get_options()) {
    if (option->nonpositional()) continue;
    text += " " + option->get_type_name();
  }
  if (command.operands() == Operands::program) text += ' ' + command.program_words();
  if (!app.get_description().empty()) text += "\n\n" + app.get_description() + "\n";
  text += "\noptions:\n";
  for (const auto* option : app.get_options()) {
    if (!option->nonpositional() || option->get_group().empty()) continue;
    append_row(text, spelling(*option), option->get_description(), text_column);
  }
  if (!app.get_footer().empty()) text += "\n" + app.get_footer() + "\n";
  return text;
}

}  // namespace mprofpp::app
