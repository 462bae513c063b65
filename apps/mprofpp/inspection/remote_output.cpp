#include "inspection/remote_output.hpp"

namespace mprofpp::app {

using inspect::Stream;

bool RemoteOutput::print_shown(Stream stream, std::string_view text) {
  if (text.empty()) return true;
  is_in_line_ = !text.ends_with('\n');
  return stream == Stream::out ? console_.print_part(text) : console_.print_part_to_stderr(text);
}

bool RemoteOutput::print(Stream stream, std::string_view part) {
  const bool is_out = stream == Stream::out;
  const bool is_terminal = is_out ? console_.is_stdout_terminal() : console_.is_stderr_terminal();
  if (!is_terminal) return print_shown(stream, part);
  return print_shown(stream, (is_out ? out_ : error_).add(part));
}

void RemoteOutput::finish(LastLine last_line) {
  print_shown(Stream::out, out_.finish());
  print_shown(Stream::error, error_.finish());
  if (last_line == LastLine::ended && is_in_line_) print_shown(Stream::out, "\n");
  is_in_line_ = false;
}

}  // namespace mprofpp::app
