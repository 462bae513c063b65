#include "console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"

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

std::string visible(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string shown;
  while (!text.empty()) {
    const auto length = std::max<std::size_t>(1, utf8_length(text));
    const auto character = text.substr(0, length);
    text.remove_prefix(length);
    if (character == "\n") {
      shown += "\\n";
    } else if (utf8_length(character) > 0 && !is_control(first_code(character))) {
      shown += character;
    } else {
      for (const unsigned char byte : character) {
        shown.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
      }
    }
  }
  return shown;
}

Console::Console() : stderr_has_colours_(has_colours(STDERR_FILENO)) {}

void Console::print(std::string_view text) const {
  if (!printed_) return;
  const auto written = write_all(STDOUT_FILENO, text);
  if (written || errno == EPIPE) return;
  printed_ = fail_errno(errno, "stdout", "cannot write");
}

Result<void> Console::printed() const {
  return printed_;
}

void Console::say(std::string_view line) const {
  write_line(STDERR_FILENO, "mprofpp: " + std::string(line));
}

void Console::warn(std::string_view line) const {
  say(strong("warning:") + " " + visible(line));
}

void Console::report(const Error& error) const {
  std::string line = error.place.empty() ? "" : error.place + ": ";
  line += error.what;
  if (!error.hint.empty()) line += " (" + error.hint + ")";
  say(visible(line));
}

std::size_t Console::stdout_width() const {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
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
