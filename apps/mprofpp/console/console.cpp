#include "console/console.hpp"

#include <sys/ioctl.h>

#include <cerrno>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

Console::Colours colours_of(int fd) {
  const auto output = ::isatty(fd) == 1 ? Output::terminal : Output::other;
  return allows_colours(colour_variables(), output) ? Console::Colours::shown
                                                    : Console::Colours::none;
}

/// Writes the line in one call, so that lines of two processes on one terminal do not mix. It is not an
/// error if no process reads it.
void write_line(int fd, std::string line) {
  line += '\n';
  (void)write_all(fd, line);
}

}  // namespace

std::string message_of(const Error& error) {
  std::string line = error.place.empty() ? "" : error.place + ": ";
  line += error.what;
  if (!error.hint.empty()) line += " (" + error.hint + ")";
  return visible(line);
}

Console::Console() : Console(Streams{}, colours_of(STDERR_FILENO)) {
  stdout_colours_ = colours_of(STDOUT_FILENO);
}

void Console::choose_colours(ColourChoice choice) {
  if (choice == ColourChoice::automatic) return;
  colours_ = choice == ColourChoice::always ? Colours::shown : Colours::none;
  stdout_colours_ = colours_;
}

void Console::print(std::string_view text) const {
  if (!printed_) return;
  const auto written = write_all(streams_.out, text);
  if (written || errno == EPIPE) return;
  printed_ = fail_errno(errno, "stdout", "cannot write");
}

bool Console::print_part(std::string_view text) const {
  if (!printed_) return false;
  const auto written = write_all(streams_.out, text);
  if (!written && errno != EPIPE) printed_ = fail_errno(errno, "stdout", "cannot write");
  return written.has_value();
}

bool Console::print_part_to_stderr(std::string_view text) const {
  return write_all(streams_.err, text).has_value();
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

Console::Size Console::stdout_size() const {
  winsize size{};
  if (::ioctl(streams_.out, TIOCGWINSZ, &size) != 0) return {};
  return {size.ws_col, size.ws_row};
}

std::size_t Console::stdout_width() const {
  return static_cast<std::size_t>(stdout_size().columns);
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
