#include "mprofpp/python/code_lines.hpp"

#include <utility>

namespace mprofpp::python {
namespace {

bool is_quote(char c) {
  return c == '"' || c == '\'';
}

/// Reads a source once, one logical line after the other.
class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source) {
    if (source_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  std::vector<CodeLine> read() {
    while (at_ < source_.size()) take_next();
    end_line();
    return std::move(lines_);
  }

 private:
  void take_next() {
    const char c = source_[at_];
    if (c == '\n') return take_newline();
    if (c == '#') return skip_comment();
    if (is_quote(c)) return skip_text();
    ++at_;
    if (c == '\\' && at_ < source_.size() && (source_[at_] == '\n' || source_[at_] == '\r')) {
      is_continued_ = true;
      return;
    }
    take(c);
  }

  void take(char c) {
    if (c == '\r' || c == '\f') return;
    if (c == '(' || c == '[' || c == '{') ++depth_;
    if ((c == ')' || c == ']' || c == '}') && depth_ > 0) --depth_;
    const bool is_space = c == ' ' || c == '\t';
    if (is_space && line_.text.empty()) {
      ++line_.indent;
      return;
    }
    add(c);
  }

  void add(char c) {
    if (line_.text.empty()) line_.number = number_;
    line_.text += c;
  }

  void take_newline() {
    ++at_;
    ++number_;
    const bool goes_on = depth_ > 0 || std::exchange(is_continued_, false);
    if (!goes_on) return end_line();
    if (!line_.text.empty()) line_.text += ' ';
  }

  void end_line() {
    while (!line_.text.empty() && line_.text.back() == ' ') line_.text.pop_back();
    if (!line_.text.empty()) lines_.push_back(std::move(line_));
    line_ = CodeLine{};
  }

  void skip_comment() {
    while (at_ < source_.size() && source_[at_] != '\n') ++at_;
  }

  void skip_text() {
    const char quote = source_[at_];
    const std::string three(3, quote);
    const bool is_long = source_.substr(at_, 3) == three;
    const std::string_view end = is_long ? std::string_view(three) : source_.substr(at_, 1);
    add(quote);
    add(quote);
    at_ += end.size();
    while (at_ < source_.size() && source_.substr(at_, end.size()) != end) {
      if (source_[at_] == '\n' && !is_long) return;  // an unterminated literal ends with its line
      if (source_[at_] == '\\') skip_one();
      skip_one();
    }
    at_ += end.size();
  }

  void skip_one() {
    if (at_ < source_.size() && source_[at_] == '\n') ++number_;
    ++at_;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  int number_ = 1;
  int depth_ = 0;
  bool is_continued_ = false;
  CodeLine line_;
  std::vector<CodeLine> lines_;
};

}  // namespace

std::vector<CodeLine> code_lines(std::string_view source) {
  return Reader(source).read();
}

}  // namespace mprofpp::python
