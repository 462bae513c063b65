#include "console.hpp"

#include <unistd.h>

#include <cstdlib>

#include "mprofpp/base/file.hpp"

namespace mprofpp::app {
namespace {

bool has_colours(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  if (no_color != nullptr && *no_color != '\0') return false;
  if (term == nullptr || std::string_view(term) == "dumb") return false;
  return ::isatty(fd) == 1;
}

/// One write, so that lines of two processes on one terminal do not mix. Nobody left to read is no
/// reason to fail.
void write_line(int fd, std::string line) {
  line += '\n';
  (void)write_all(fd, line);
}

}  // namespace

Console::Console() : stderr_has_colours_(has_colours(STDERR_FILENO)) {}

void Console::print(std::string_view text) const {
  (void)write_all(STDOUT_FILENO, text);
}

void Console::say(std::string_view line) const {
  write_line(STDERR_FILENO, "mprofpp: " + std::string(line));
}

void Console::warn(std::string_view line) const {
  say(strong("warning:") + " " + std::string(line));
}

void Console::report(const Error& error) const {
  std::string line = error.place.empty() ? "" : error.place + ": ";
  line += error.what;
  if (!error.hint.empty()) line += " (" + error.hint + ")";
  say(line);
}

std::string Console::strong(std::string_view text) const {
  return styled(text, "1");
}

std::string Console::faint(std::string_view text) const {
  return styled(text, "2");
}

std::string Console::styled(std::string_view text, std::string_view code) const {
  if (!stderr_has_colours_) return std::string(text);
  return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

}  // namespace mprofpp::app
