#include "console/console.hpp"

#include <sys/ioctl.h>

#include <cerrno>
#include <cstdlib>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

Console::Colours colours_of(int fd) {
  const bool are_allowed = allows_colours(std::getenv("NO_COLOR"), std::getenv("TERM"));
  return are_allowed && ::isatty(fd) == 1 ? Console::Colours::shown : Console::Colours::none;
}

/// Writes the line in one call, so that lines of two processes on one terminal do not mix. It is not an
/// error if no process reads it.
void write_line(int fd, std::string line) {
  line += '\n';
  (void)write_all(fd, line);
}

}  // namespace

bool allows_colours(const char* no_color, const char* term) {
  if (no_color != nullptr && *no_color != '\0') return false;
  return term != nullptr && std::string_view(term) != "dumb";
}

std::string message_of(const Error& error) {
  std::string line = error.place.empty() ? "" : error.place + ": ";
  line += error.what;
  if (!error.hint.empty()) line += " (" + error.hint + ")";
  return visible(line);
}

Console::Console() : Console(Streams{}, colours_of(STDERR_FILENO)) {}

void Console::print(std::string_view text) const {
  if (!printed_) return;
  const auto written = write_all(streams_.out, text);
  if (written || errno == EPIPE) return;
  printed_ = fail_errno(errno, "stdout", "cannot write");
}

Result<void> Console::printed() const {
  return printed_;
}

void Console::note(std::string_view line) const {
  write_line(streams_.err, "mprofpp: " + std::string(line));
}

void Console::warn(std::string_view line) const {
  note(strong("warning:") + " " + visible(line));
}

void Console::report(const Error& error) const {
  note(message_of(error));
}

std::size_t Console::stdout_width() const {
  winsize size{};
  if (::ioctl(streams_.out, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string Console::strong(std::string_view text) const {
  return styled(text, "1");
}

std::string Console::faint(std::string_view text) const {
  return styled(text, "2");
}

std::string Console::styled(std::string_view text, std::string_view code) const {
  if (colours_ == Colours::none) return std::string(text);
  return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

}  // namespace mprofpp::app
