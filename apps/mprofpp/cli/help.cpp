#include "cli/help.hpp"

#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

constexpr std::size_t text_column = 28;

/// Appends a row "  left      right". `right` starts in that column, and so do its further lines. If
/// `left` is too long, `right` starts on the next line.
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
  if (option.get_items_expected_max() == 0) return text;
  if (option.get_items_expected_min() == 0) return text + "[=" + option.get_type_name() + "]";
  return text + " " + option.get_type_name();
}

}  // namespace

std::string version_text() {
  return "mprofpp " MPROFPP_VERSION "\n";
}

std::string general_help() {
  std::string text =
      "mprofpp records the memory of any program over time and draws it as a chart.\n"
      "\n"
      "usage: mprofpp COMMAND [OPTIONS] …\n"
      "\n"
      "first steps:\n"
      "  mprofpp run ./a.out                   run a program and record its memory\n"
      "  mprofpp run -C -M gunicorn app:app    the same for a server with its workers\n"
      "  mprofpp peak                          print the peak of the new recording\n"
      "  mprofpp plot -o server.png            draw it\n"
      "  mprofpp plot -o server.html           explore it in a browser\n"
      "  mprofpp leak                          does it leak, how fast and where?\n"
      "\n"
      "commands:\n";
  for (const auto& entry : all_commands()) append_row(text, entry.name, entry.summary, 12);
  text +=
      "\n"
      "A recording is a text file called mprofile_<date and time>.dat unless -o names\n"
      "it. Commands that read recordings use the newest one in this folder if you name\n"
      "none. mprofpp and memory_profiler's mprof can read each other's recordings.\n"
      "\n"
      "To find the function that uses the memory, mark functions: in Python with\n"
      "@profile or mprofpp run --trace 'app.*', in C and C++ with mprofpp.h or\n"
      "-finstrument-functions, in scripts with mprofpp span. Then mprofpp plot --flame\n"
      "draws their calls, and mprofpp peak --func '*' lists how much memory each\n"
      "function added. mprofpp lines prints which of its lines took it. mprofpp stacks\n"
      "and mprofpp console look into a Python program while it runs; mprofpp objects\n"
      "prints which of its objects grow, and mprofpp holders what holds them.\n"
      "\n"
      "exit status:\n"
      "  0    success\n"
      "  1    failure\n"
      "  2    wrong usage\n"
      "  130  interrupted\n"
      "  mprofpp leak and loadtest return their verdict: 0 steady, 1 leak, 3 not enough\n"
      "  to tell, and 2 for any trouble.\n"
      "  mprofpp run returns the status of the program instead; see mprofpp run --help.\n"
      "\n"
      "learn more:\n"
      "  mprofpp COMMAND --help    the options of a command, with examples\n"
      "  man mprofpp-run           the manual; there are also mprofpp-attach, -mark,\n"
      "                            -plot, -peak, -leak, -loadtest, -lines, -stacks,\n"
      "                            -console, -objects, -holders and -gc\n"
      "  share/doc/mprofpp         marks.md explains how to mark functions, lines.md the\n"
      "                            tables of lines, leak.md and loadtest.md the verdicts,\n"
      "                            inspect.md stacks and the console, objects.md leaks of\n"
      "                            objects;\n"
      "                            format.md describes recordings\n"
      "\n"
      "Set NO_COLOR=1 to turn off colours.\n";
  return text;
}

std::string command_help(const BoundCommand& bound) {
  const auto& app = bound.options();
  std::string text = std::string("usage: mprofpp ") + bound.entry().name + " [OPTIONS]";
  for (const auto* option : app.get_options()) {
    if (option->nonpositional()) continue;
    text += " " + option->get_type_name();
  }
  const auto& command = bound.command();
  if (command.operands() == Operands::program) text += ' ' + command.program_usage();
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
