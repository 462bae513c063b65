#include "mprofpp/source/source_block.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace mprofpp::source {
namespace {

using SourceLines = std::vector<std::string>;

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool opens_literal(char c) {
  return c == '"' || c == '\'';
}

bool contains_letter(std::string_view prefix, char lower) {
  return std::any_of(prefix.begin(), prefix.end(), [lower](char c) { return (c | 0x20) == lower; });
}

/// Returns true for the letters in front of a string literal, such as r, f and rb.
bool is_prefix_of_literal(std::string_view word) {
  return word.size() <= 2 && std::all_of(word.begin(), word.end(), [](char c) {
           return std::string_view("rbuftRBUFT").find(c) != std::string_view::npos;
         });
}

/// The kinds of tokens that decide where a function ends.
enum class Token { name, at, other, comment, newline, indent, dedent, end };

/// A token and its position.
struct Place {
  Token token = Token::end;
  std::size_t row = 0;         ///< index of the line
  std::size_t column = 0;      ///< bytes from the start of the line; of an indent, its end
  std::string_view text = {};  ///< of a name
};

/// Reads the tokens of a source from some line on, as Python's tokenize does. Strings are skipped.
class Tokens {
 public:
  Tokens(const SourceLines& lines, std::size_t row) : lines_(lines), row_(row) {}

  Place next() {
    while (true) {
      if (dedents_ > 0) return --dedents_, Place{Token::dedent, row_, column_};
      if (row_ == lines_.size()) return {Token::end, row_, 0};
      if (at_line_start_) {
        if (const auto place = start_line()) return *place;
        continue;
      }
      if (const auto place = next_in_line()) return *place;
    }
  }

 private:
  const std::string& line() const { return lines_[row_]; }
  bool is_at(char c) const { return column_ < line().size() && line()[column_] == c; }

  void next_row() {
    ++row_;
    column_ = 0;
  }

  /// Measures the indentation of a statement, to which tabs add as many columns as Python gives them. Lines
  /// without code have none.
  std::optional<Place> start_line() {
    constexpr std::size_t tab = 8;
    std::size_t width = 0;
    for (; column_ < line().size(); ++column_) {
      const char c = line()[column_];
      if (c == ' ')
        ++width;
      else if (c == '\t')
        width = (width / tab + 1) * tab;
      else if (c == '\f')
        width = 0;
      else
        break;
    }
    if (column_ == line().size()) return next_row(), std::nullopt;
    if (is_at('#')) {
      const Place comment{Token::comment, row_, column_};
      return next_row(), comment;
    }
    at_line_start_ = false;
    return change_indent(width);
  }

  std::optional<Place> change_indent(std::size_t width) {
    if (width > indents_.back()) {
      indents_.push_back(width);
      return Place{Token::indent, row_, column_};
    }
    while (width < indents_.back()) {
      indents_.pop_back();
      ++dedents_;
    }
    return std::nullopt;
  }

  std::optional<Place> next_in_line() {
    if (column_ == line().size()) return end_line();
    const char c = line()[column_];
    if (is_word_character(c)) return take_word();
    if (opens_literal(c)) return skip_literal({}), Place{Token::other, row_, column_};
    if (c == '\\' && column_ + 1 == line().size()) return next_row(), std::nullopt;
    if (c == ' ' || c == '\t' || c == '\f') return ++column_, std::nullopt;
    const Place here{c == '#'   ? Token::comment
                     : c == '@' ? Token::at
                                : Token::other,
                     row_, column_};
    if (c == '#') return column_ = line().size(), here;
    if (c == '(' || c == '[' || c == '{') ++depth_;
    // a closing bracket without an opening one belongs to an expression that began before
    if ((c == ')' || c == ']' || c == '}') && depth_ > 0) --depth_;
    return ++column_, here;
  }

  /// Ends a line, and with it the statement unless a bracket is open.
  std::optional<Place> end_line() {
    const Place newline{Token::newline, row_, column_};
    next_row();
    if (depth_ > 0) return std::nullopt;
    at_line_start_ = true;
    return newline;
  }

  Place take_word() {
    const auto begin = column_;
    while (column_ < line().size() && is_word_character(line()[column_])) ++column_;
    const auto word = std::string_view(line()).substr(begin, column_ - begin);
    const bool is_literal =
        column_ < line().size() && opens_literal(line()[column_]) && is_prefix_of_literal(word);
    if (is_literal) skip_literal(word);
    return is_literal ? Place{Token::other, row_, column_} : Place{Token::name, row_, begin, word};
  }

  /// A literal that is being skipped.
  struct Literal {
    std::string end;
    bool is_raw;
    bool has_fields;  ///< {expressions}, as an f-string has
  };

  void skip_literal(std::string_view prefix) {
    const char quote = line()[column_];
    const std::string three(3, quote);
    const bool is_long = std::string_view(line()).substr(column_, 3) == three;
    const Literal literal{is_long ? three : std::string(1, quote), contains_letter(prefix, 'r'),
                          contains_letter(prefix, 'f') || contains_letter(prefix, 't')};
    column_ += literal.end.size();
    while (skip_text(literal)) skip_field(literal);
  }

  /// Skips the text of a literal up to its end, or up to the next field. Returns true at a field. A literal
  /// in single quotes ends with its line unless a backslash is before the line's end.
  bool skip_text(const Literal& literal) {
    while (row_ < lines_.size()) {
      if (column_ == line().size()) {
        if (literal.end.size() == 1) return false;
        next_row();
      } else if (std::string_view(line()).substr(column_, literal.end.size()) == literal.end) {
        column_ += literal.end.size();
        return false;
      } else if (is_at('\\')) {
        skip_escape(literal);
      } else if (literal.has_fields && is_at('{')) {
        ++column_;
        if (!is_at('{')) return true;
        ++column_;
      } else {
        ++column_;
      }
    }
    return false;
  }

  void skip_escape(const Literal& literal) {
    ++column_;
    if (column_ == line().size()) {
      // the row after the last one does not exist, but skip_text() asks before it reads
      next_row();
    } else if (literal.has_fields && !literal.is_raw &&
               std::string_view(line()).substr(column_, 2) == "N{") {
      column_ = std::min(line().find('}', column_), line().size());
    } else if (!literal.has_fields || !(is_at('{') || is_at('}'))) {
      ++column_;
    }
  }

  /// Skips a field of an f-string, up to and with its closing brace.
  void skip_field(const Literal& literal) {
    constexpr int most = 100;  // Python allows 150, and each takes some of the stack
    if (nesting_ == most) return next_row();
    ++nesting_;
    skip_expression(literal);
    --nesting_;
  }

  void skip_expression(const Literal& literal) {
    int depth = 0;
    while (row_ < lines_.size()) {
      if (column_ == line().size() || is_at('#')) {
        next_row();
        continue;
      }
      const char c = line()[column_];
      if (opens_literal(c)) {
        skip_literal(prefix_before(column_));
        continue;
      }
      ++column_;
      if (c == '(' || c == '[' || c == '{') ++depth;
      if (c == ':' && depth == 0) return skip_format(literal);
      if ((c == ')' || c == ']' || c == '}') && depth-- == 0) return;
    }
  }

  /// Skips the format behind the colon in a field, which may have fields of its own.
  void skip_format(const Literal& literal) {
    while (row_ < lines_.size()) {
      if (column_ == line().size()) {
        if (literal.end.size() == 1) return;
        next_row();
        continue;
      }
      if (std::string_view(line()).substr(column_, literal.end.size()) == literal.end) return;
      const char c = line()[column_++];
      if (c == '}') return;
      if (c == '{') skip_field(literal);
    }
  }

  std::string_view prefix_before(std::size_t column) const {
    auto begin = column;
    while (begin > 0 && is_word_character(line()[begin - 1])) --begin;
    const auto word = std::string_view(line()).substr(begin, column - begin);
    return is_prefix_of_literal(word) ? word : std::string_view();
  }

  const SourceLines& lines_;
  std::size_t row_;
  std::size_t column_ = 0;
  std::vector<std::size_t> indents_ = {0};
  int dedents_ = 0;
  int depth_ = 0;
  int nesting_ = 0;  ///< of fields in literals
  bool at_line_start_ = true;
};

/// Finds the end of the function at the start of a source from its tokens.
class End {
 public:
  explicit End(std::size_t row) : last_(row) {}

  std::size_t last_row() const { return last_; }

  /// Takes the next token. Returns false once the function has ended.
  bool take(const Place& place) {
    if (place.token == Token::end) return false;
    if (!is_started_ && !is_decorator_) return start(place), true;
    if (place.token == Token::newline) return take_newline(place);
    if (is_in_statement_) return true;
    switch (place.token) {
      case Token::indent:
        if (body_column_ == no_column) body_column_ = place.column;
        ++depth_;
        is_in_statement_ = true;
        return true;
      case Token::dedent:
        return --depth_ > 0;
      case Token::comment:
        if (body_column_ != no_column && place.column >= body_column_) last_ = place.row;
        return true;
      default:
        return depth_ > 0;
    }
  }

 private:
  void start(const Place& place) {
    const bool is_name = place.token == Token::name;
    if (place.token == Token::at) is_decorator_ = true;
    is_lambda_ = is_name && place.text == "lambda";
    is_started_ = is_lambda_ || (is_name && (place.text == "def" || place.text == "class"));
    is_in_statement_ = true;
  }

  bool take_newline(const Place& place) {
    is_in_statement_ = false;
    is_decorator_ = false;
    last_ = place.row;
    return !is_lambda_;
  }

  static constexpr std::size_t no_column = std::string::npos;

  std::size_t last_;
  int depth_ = 0;
  bool is_started_ = false;
  bool is_lambda_ = false;
  bool is_decorator_ = false;
  bool is_in_statement_ = false;         ///< its other tokens do not matter
  std::size_t body_column_ = no_column;  ///< the indentation of its statements
};

}  // namespace

int last_line_of(const std::vector<std::string>& lines, int first_line) {
  const auto first = static_cast<std::size_t>(first_line - 1);
  Tokens tokens(lines, first);
  End end(first);
  while (end.take(tokens.next())) continue;
  return static_cast<int>(end.last_row()) + 1;
}

}  // namespace mprofpp::source
