#include "mprofpp/symbols/readable.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "mprofpp/base/text.hpp"
#include "mprofpp/symbols/demangle.hpp"

namespace mprofpp::symbols {
namespace {

using Position = std::size_t;
constexpr auto nowhere = std::string_view::npos;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

bool matches_at(std::string_view text, Position at, std::string_view expected) {
  return text.substr(at).starts_with(expected);
}

/// Returns true if the keyword `operator` starts here, and not a name that contains it.
bool is_operator_at(std::string_view text, Position at) {
  constexpr std::string_view keyword = "operator";
  if (!matches_at(text, at, keyword) || (at > 0 && is_word(text[at - 1]))) return false;
  const auto behind = at + keyword.size();
  return behind < text.size() && !is_word(text[behind]);
}

/// Returns the position after the symbol of the operator whose keyword ends at `at`: `<`, `()`,
/// `->*`. Returns `at` itself if there is no symbol, as in `operator new` and `operator int`.
Position behind_symbol(std::string_view text, Position at) {
  // a symbol that starts with another one precedes it
  constexpr auto symbols = std::to_array<std::string_view>(
      {"()", "[]", "\"\"", "<=>", "<<=", ">>=", "->*", "->", "<<", ">>", "<=", ">=", "==", "!=",
       "&&", "||", "++",   "--",  "+=",  "-=",  "*=",  "/=", "%=", "^=", "&=", "|=", "<",  ">",
       "+",  "-",  "*",    "/",   "%",   "^",   "&",   "|",  "~",  "!",  "=",  ","});
  for (const auto symbol : symbols) {
    if (matches_at(text, at, symbol)) return at + symbol.size();
  }
  return at;
}

/// Returns the position after `<`, `>` or a similar symbol if it is an operator in an expression,
/// and `at` if it is a bracket. The demangler puts parentheses around operands, and around a whole
/// `a > b`. `open` holds the enclosing brackets.
Position behind_comparison(std::string_view text, Position at, std::string_view open) {
  if (text[at] == '<') return text[at - 1] == ')' ? behind_symbol(text, at) : at;
  if (text[at - 1] == '-') return at + 1;
  const auto behind = behind_symbol(text, at);
  if (matches_at(text, at, ">>") && open.ends_with("<<")) return at;
  return behind > at + 1 || open.back() != '<' ? behind : at;
}

constexpr std::string_view openers = "(<[{";
constexpr std::string_view closers = ")>]}";

/// Returns the position after the bracket that closes the one at `at`.
std::optional<Position> behind_group(std::string_view text, Position at) {
  std::string open;
  while (at < text.size()) {
    const char c = text[at];
    if (is_operator_at(text, at)) {
      at = behind_symbol(text, at + std::string_view("operator").size());
      continue;
    }
    if (!open.empty() && (c == '<' || c == '>')) {
      if (const auto behind = behind_comparison(text, at, open); behind != at) {
        at = behind;
        continue;
      }
    }
    if (openers.find(c) != nowhere) {
      open += c;
    } else if (const auto kind = closers.find(c); kind != nowhere) {
      if (open.empty() || open.back() != openers[kind]) return std::nullopt;
      open.pop_back();
      if (open.empty()) return at + 1;
    }
    ++at;
  }
  return std::nullopt;
}

/// Reads a demangled function from left to right and extracts its name.
class NameReader {
 public:
  /// `depth` is the number of readers around this one: types of results may be nested, but not for ever.
  explicit NameReader(std::string_view text, int depth = 0) : text_(text), depth_(depth) {}

  /// Returns nothing if the text is not what a demangler prints.
  std::optional<std::string> read() {
    while (at_ < text_.size() && !is_done_) {
      if (!step()) return std::nullopt;
    }
    if (name_.empty()) return std::nullopt;
    return std::move(name_);
  }

 private:
  bool step() {
    const char c = text_[at_];
    if (is_operator_at(text_, at_)) return take_operator();
    if (c == '(') return take_parentheses();
    if (c == '[') return take_brackets();
    if (c == '<' || c == '{') return take_group();
    if (c == ' ' || c == '*' || c == '&') {  // the text before this was the type of the result
      name_.clear();
      ++at_;
      return true;
    }
    if (closers.find(c) != nowhere) return false;
    name_ += c;
    ++at_;
    return true;
  }

  void take_until(Position end) {
    name_ += text_.substr(at_, end - at_);
    at_ = end;
  }

  bool take_group() {
    const auto end = behind_group(text_, at_);
    if (end) take_until(*end);
    return end.has_value();
  }

  /// Drops an ABI tag; anything else in brackets ends the name.
  bool take_brackets() {
    const auto end = behind_group(text_, at_);
    if (!end) return false;
    is_done_ = !matches_at(text_, at_, "[abi:");
    at_ = *end;
    return true;
  }

  bool take_operator() {
    const auto keyword_end = at_ + std::string_view("operator").size();
    auto end = behind_symbol(text_, keyword_end);
    if (matches_at(text_, keyword_end, "\"\" ")) end = end_of_word(end + 1);
    if (end == keyword_end) end = end_of_worded_operator(keyword_end);
    // `operator< <int>`: the space only separates the two
    if (matches_at(text_, end, " <")) ++end;
    take_until(end);
    return true;
  }

  Position end_of_word(Position at) const {
    while (at < text_.size() && is_word(text_[at])) ++at;
    return at;
  }

  /// Returns the end of `operator new[]` and similar ones, or of a conversion, whose type ends
  /// where its own `()` start.
  Position end_of_worded_operator(Position at) const {
    for (const std::string_view keyword : {" new[]", " delete[]", " new", " delete", " co_await"}) {
      const auto behind = at + keyword.size();
      const bool is_whole = behind >= text_.size() || !is_word(text_[behind]);
      if (matches_at(text_, at, keyword) && is_whole && !matches_at(text_, behind, "::"))
        return behind;
    }
    return end_of_conversion(at);
  }

  Position end_of_conversion(Position at) const {
    while (at < text_.size()) {
      const auto rest = text_.substr(at);
      if (rest.starts_with("()") && !rest.starts_with("()(") && !rest.starts_with("() const(")) {
        return at;
      }
      const bool is_group = openers.find(text_[at]) != nowhere;
      at = is_group ? behind_group(text_, at).value_or(text_.size()) : at + 1;
    }
    return at;
  }

  bool take_parentheses() {
    const auto end = behind_group(text_, at_);
    if (!end) return false;
    if (matches_at(text_, at_, "(anonymous ") || name_.ends_with("decltype")) {
      take_until(*end);
    } else if (name_.empty()) {
      return at_ > 0 && text_.substr(0, at_).ends_with("decltype ") ? skip(*end) : take_inner(*end);
    } else {
      at_ = behind_qualifiers(*end);
      is_done_ =
          !matches_at(text_, at_, "::");  // otherwise it was the function around a local name
    }
    return true;
  }

  bool skip(Position end) {
    at_ = end;
    return true;
  }

  /// Reads `void (*f(int))(char)`: the result is a pointer to a function, and its type surrounds the name.
  bool take_inner(Position end) {
    constexpr int deepest = 8;
    if (depth_ == deepest) return false;
    auto inner = NameReader(text_.substr(at_ + 1, end - at_ - 2), depth_ + 1).read();
    if (!inner) return false;
    name_ = std::move(*inner);
    at_ = end;
    while (at_ < text_.size() && (text_[at_] == '(' || text_[at_] == '[')) {
      const auto behind = behind_group(text_, at_);
      if (!behind) return false;
      at_ = behind_qualifiers(*behind);
    }
    is_done_ = !matches_at(text_, at_, "::");
    return true;
  }

  Position behind_qualifiers(Position at) const {
    constexpr std::array<std::string_view, 5> qualifiers = {" const", " volatile", " noexcept",
                                                            " &&", " &"};
    const auto next = [&] {
      return std::find_if(qualifiers.begin(), qualifiers.end(), [&](std::string_view qualifier) {
        return matches_at(text_, at, qualifier);
      });
    };
    for (auto found = next(); found != qualifiers.end(); found = next()) at += found->size();
    return at;
  }

  std::string_view text_;
  int depth_;
  Position at_ = 0;
  std::string name_;
  bool is_done_ = false;
};

/// Removes the prefix that marks a thunk, which is a way into its function.
std::string_view without_thunk(std::string_view text) {
  for (const std::string_view thunk :
       {"non-virtual thunk to ", "virtual thunk to ", "covariant return thunk to "}) {
    if (text.starts_with(thunk)) return without_thunk(text.substr(thunk.size()));
  }
  return text;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == nowhere;
}

bool is_clone(std::string_view word) {
  constexpr std::array<std::string_view, 8> clones = {
      "cold", "part", "constprop", "isra", "lto_priv", "localalias", "llvm", "resume"};
  return std::find(clones.begin(), clones.end(), word) != clones.end();
}

/// Removes `.part.0.cold` and similar suffixes. Names of other languages may contain dots, which stay.
std::string_view without_clones(std::string_view symbol) {
  auto rest = symbol;
  for (auto dot = rest.rfind('.'); dot != nowhere && dot > 0; dot = rest.rfind('.')) {
    const auto word = rest.substr(dot + 1);
    rest = rest.substr(0, dot);
    if (is_clone(word))
      symbol = rest;
    else if (!is_number(word))
      break;
  }
  return symbol;
}

std::string cut(std::string name) {
  constexpr std::size_t longest = 1000;
  constexpr std::string_view ellipsis = "…";
  if (name.size() <= longest) return name;
  auto end = longest - ellipsis.size();
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return name.substr(0, end) + std::string(ellipsis);
}

/// Removes the [with T = int] of g++ or the [T = int] of clang++ at the end.
std::string_view without_arguments(std::string_view signature) {
  if (!signature.ends_with(']')) return signature;
  int open = 0;
  for (auto i = signature.size(); i-- > 0;) {
    if (signature[i] == ']') ++open;
    if (signature[i] == '[' && --open == 0) return signature.substr(0, i > 0 ? i - 1 : 0);
  }
  return signature;
}

}  // namespace

std::string qualified_name(std::string_view text) {
  const auto function = without_thunk(text);
  return NameReader(function).read().value_or(std::string(function));
}

std::string name_in_signature(std::string_view signature) {
  return cut(qualified_name(without_arguments(signature)));
}

std::string readable(std::string_view symbol) {
  const auto version = symbol.find('@', 1);
  const std::string function(without_clones(symbol.substr(0, version)));
  const auto text = demangled(function);
  return cut(text ? qualified_name(*text) : function);
}

}  // namespace mprofpp::symbols
