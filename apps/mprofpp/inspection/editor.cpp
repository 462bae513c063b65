#include "inspection/editor.hpp"

#include <histedit.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <utility>

namespace mprofpp::app {

struct CloseEditor {
  void operator()(EditLine* editor) const { ::el_end(editor); }
};
struct CloseHistory {
  void operator()(History* history) const { ::history_end(history); }
};

struct Editor::Terminal {
  const SignalWatch& signals;
  int peer;
  CompleteName complete;
  FILE* out;
  std::unique_ptr<EditLine, CloseEditor> editor = {};
  std::unique_ptr<History, CloseHistory> history = {};
  std::string history_file = {};
  std::string prompt = {};
  End end = End::line;

  bool wait_for_key();
  bool take_signal();
  unsigned char complete_name();
  unsigned char show(const std::vector<std::string>& names);
};

namespace {

constexpr int most_lines = 1000;  // of the history

/// The terminal sends UTF-8 nowadays, also where no locale is set.
void use_locale_of_terminal() {
  std::setlocale(LC_CTYPE, "");
  if (MB_CUR_MAX == 1) std::setlocale(LC_CTYPE, "C.UTF-8");
}

std::size_t width_of_terminal() {
  constexpr std::size_t usual = 80;
  winsize size{};
  const bool is_known = ::ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : usual;
}

template <class Terminal>
Terminal& terminal_of(EditLine* editor) {
  void* data = nullptr;
  ::el_get(editor, EL_CLIENTDATA, &data);
  return *static_cast<Terminal*>(data);
}

bool can_be_in_name(char letter) {
  const bool is_ascii_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
  const bool is_digit = letter >= '0' && letter <= '9';
  const bool is_further = static_cast<unsigned char>(letter) >= 0x80;
  return is_ascii_letter || is_digit || is_further || letter == '_' || letter == '.';
}

/// Reads a character of several bytes. Returns false at the end of the input.
bool read_character(wchar_t* character) {
  std::mbstate_t state{};
  char byte = 0;
  while (true) {
    const auto got = ::read(STDIN_FILENO, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    const auto length = std::mbrtowc(character, &byte, 1, &state);
    if (length == static_cast<std::size_t>(-1)) state = {};  // not a character: drop it
    if (length <= 1) return true;
  }
}

void bind_keys(EditLine* editor) {
  constexpr std::pair<const char*, const char*> keys[] = {
      {"^R", "em-inc-search-prev"},      {"^W", "ed-delete-prev-word"},
      {"\\e[3~", "ed-delete-next-char"}, {"\\e[1~", "ed-move-to-beg"},
      {"\\e[4~", "ed-move-to-end"},      {"\\e[H", "ed-move-to-beg"},
      {"\\e[F", "ed-move-to-end"},       {"\\e[1;5C", "em-next-word"},
      {"\\e[1;5D", "ed-prev-word"},      {"^I", "mprofpp-complete"}};
  for (const auto& [key, function] : keys) {
    ::el_set(editor, EL_BIND, key, function, static_cast<const char*>(nullptr));
  }
}

}  // namespace

std::string name_at_end(const std::string& text) {
  auto start = text.size();
  while (start > 0 && can_be_in_name(text[start - 1])) --start;
  return text.substr(start);
}

std::vector<std::string> without_private(std::vector<std::string> names, const std::string& typed) {
  const auto start = typed.rfind('.') + 1;  // 0 if there is no dot
  if (start < typed.size()) return names;
  const auto is_private = [&](const std::string& name) {
    return name.size() > start && name[start] == '_';
  };
  if (std::all_of(names.begin(), names.end(), is_private)) return names;
  std::erase_if(names, is_private);
  return names;
}

std::string common_start(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  std::string_view common = names.front();
  for (const auto& name : names) {
    const auto end = std::mismatch(common.begin(), common.end(), name.begin(), name.end()).first;
    common = common.substr(0, static_cast<std::size_t>(end - common.begin()));
  }
  return std::string(common);
}

std::string listed(const std::vector<std::string>& names, std::size_t width) {
  constexpr std::size_t most = 200;
  std::vector<std::string> parts;
  std::size_t longest = 0;
  for (const auto& name : names) {
    if (parts.size() == most) break;
    parts.push_back(name.substr(name.rfind('.') + 1));
    longest = std::max(longest, parts.back().size());
  }
  const auto per_row = std::max<std::size_t>(1, width / (longest + 2));
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool is_last = (i + 1) % per_row == 0 || i + 1 == parts.size();
    text += parts[i] + (is_last ? "\n" : std::string(longest + 2 - parts[i].size(), ' '));
  }
  if (names.size() > most) text += "and " + std::to_string(names.size() - most) + " more\n";
  return text;
}

/// Acts on a signal. Returns false if it ends the line.
bool Editor::Terminal::take_signal() {
  switch (signals.next().value_or(0)) {
    case SIGINT:
      end = End::interrupted;
      return false;
    case SIGTERM:
    case SIGHUP:
      end = End::left;
      return false;
    case SIGWINCH:
      ::el_resize(editor.get());
      return true;
    case SIGTSTP:
      ::el_set(editor.get(), EL_PREP_TERM, 0);
      ::raise(SIGSTOP);
      ::el_set(editor.get(), EL_PREP_TERM, 1);
      ::el_set(editor.get(), EL_REFRESH);
      return true;
    default:
      return true;
  }
}

/// Returns false if something else ends the line.
bool Editor::Terminal::wait_for_key() {
  while (true) {
    std::array<pollfd, 3> ready{pollfd{STDIN_FILENO, POLLIN, 0},
                                pollfd{signals.descriptor(), POLLIN, 0}, pollfd{peer, POLLIN, 0}};
    if (::poll(ready.data(), ready.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    if (ready[1].revents != 0 && !take_signal()) return false;
    if (ready[2].revents != 0) {
      end = End::peer_ended;
      return false;
    }
    if (ready[0].revents != 0) return true;
  }
}

unsigned char Editor::Terminal::show(const std::vector<std::string>& names) {
  std::fprintf(out, "\n%s", listed(names, width_of_terminal()).c_str());
  std::fflush(out);
  return CC_REDISPLAY;
}

unsigned char Editor::Terminal::complete_name() {
  const LineInfo* const line = ::el_line(editor.get());
  const std::string before(line->buffer, line->cursor);
  if (before.find_first_not_of(" \t") == std::string::npos) {
    return ::el_insertstr(editor.get(), "    ") == 0 ? CC_REFRESH : CC_ERROR;
  }
  const auto name = name_at_end(before);
  const auto names = without_private(complete(name), name);
  if (names.empty()) return CC_ERROR;
  const auto common = common_start(names);
  if (common.size() == name.size()) return names.size() > 1 ? show(names) : CC_ERROR;
  const auto more = common.substr(name.size());
  return ::el_insertstr(editor.get(), more.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
}

Editor::Editor(const SignalWatch& signals, int peer, CompleteName complete) {
  use_locale_of_terminal();
  FILE* const out = ::isatty(STDOUT_FILENO) == 1 ? stdout : stderr;
  terminal_ = std::make_unique<Terminal>(
      Terminal{.signals = signals, .peer = peer, .complete = std::move(complete), .out = out});
  auto& terminal = *terminal_;
  terminal.editor.reset(::el_init("mprofpp", stdin, out, stderr));
  terminal.history.reset(::history_init());
  auto* const editor = terminal.editor.get();
  if (editor == nullptr || !terminal.history) return;
  ::el_set(editor, EL_CLIENTDATA, &terminal);
  ::el_set(editor, EL_SIGNAL, 0);
  ::el_set(editor, EL_EDITOR, "emacs");
  ::el_set(
      editor, EL_PROMPT,
      +[](EditLine* self) -> char* { return terminal_of<Terminal>(self).prompt.data(); });
  ::el_set(
      editor, EL_GETCFN, +[](EditLine* self, wchar_t* character) -> int {
        return terminal_of<Terminal>(self).wait_for_key() && read_character(character) ? 1 : 0;
      });
  ::el_set(
      editor, EL_ADDFN, "mprofpp-complete", "Complete a name",
      +[](EditLine* self, int) { return terminal_of<Terminal>(self).complete_name(); });
  HistEvent event{};
  ::history(terminal.history.get(), &event, H_SETSIZE, most_lines);
  ::history(terminal.history.get(), &event, H_SETUNIQUE, 1);
  ::el_set(editor, EL_HIST, ::history, terminal.history.get());
  bind_keys(editor);
  ::el_source(editor, nullptr);
}

Editor::~Editor() {
  if (terminal_->history_file.empty() || !terminal_->history) return;
  HistEvent event{};
  ::history(terminal_->history.get(), &event, H_SAVE, terminal_->history_file.c_str());
}

Editor::Answer Editor::read(const std::string& prompt) {
  if (!terminal_->editor) return {End::input_ended, {}};
  terminal_->prompt = prompt;
  terminal_->end = End::input_ended;
  // it would print the prompt first, and a key that is pressed in between would be lost
  ::el_set(terminal_->editor.get(), EL_PREP_TERM, 1);
  int count = 0;
  const char* const text = ::el_gets(terminal_->editor.get(), &count);
  if (text == nullptr || count <= 0) return {terminal_->end, {}};
  std::string line(text, static_cast<std::size_t>(count));
  if (line.ends_with('\n')) line.pop_back();
  return {End::line, std::move(line)};
}

void Editor::remember(const std::string& line) {
  HistEvent event{};
  if (terminal_->history) ::history(terminal_->history.get(), &event, H_ENTER, line.c_str());
}

void Editor::keep_history(const std::string& path) {
  terminal_->history_file = path;
  HistEvent event{};
  if (terminal_->history) ::history(terminal_->history.get(), &event, H_LOAD, path.c_str());
}

}  // namespace mprofpp::app
