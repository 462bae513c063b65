#include "mprofpp/python/profile_use.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "mprofpp/base/text.hpp"
#include "mprofpp/python/code_lines.hpp"

namespace mprofpp::python {
namespace {

bool is_ours(std::string_view module) {
  return module == "memory_profiler" || module == "mprofpp";
}

bool is_of_name(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '_' || byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

/// Returns the dotted name at the start of a text.
std::string_view leading_name(std::string_view text) {
  const auto end =
      std::find_if(text.begin(), text.end(), [](char c) { return !is_of_name(c) && c != '.'; });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// Removes a word and the spaces after it from the start of a text. Returns false if the text starts with
/// another word.
bool cut_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  const auto rest = text.substr(word.size());
  if (!rest.empty() && is_of_name(rest.front())) return false;
  text = trim(rest);
  return true;
}

/// Splits a text at the separators outside of brackets.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::string_view("([{").find(text[i]) != std::string_view::npos) ++depth;
    if (std::string_view(")]}").find(text[i]) != std::string_view::npos) --depth;
    if (depth > 0 || text[i] != separator) continue;
    parts.push_back(trim(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  parts.push_back(trim(text.substr(begin)));
  return parts;
}

/// The import "x as y".
struct Import {
  std::string_view what;
  std::string_view name;
};

Import parse_import(std::string_view text) {
  const auto as = text.find(" as ");
  if (as == std::string_view::npos) return {text, text};
  return {trim(text.substr(0, as)), trim(text.substr(as + 4))};
}

/// The names that mean `profile` or one of our modules, as of the current line.
class Names {
 public:
  bool is_profile(std::string_view name) const {
    if (profiles_.contains(name)) return true;
    const auto dot = name.rfind('.');
    return dot != std::string_view::npos && name.substr(dot + 1) == "profile" &&
           modules_.contains(name.substr(0, dot));
  }
  /// Returns true for `profile.timestamp` and `mprofpp.timestamp`.
  bool is_timestamp(std::string_view name) const {
    constexpr std::string_view last = ".timestamp";
    if (!name.ends_with(last)) return false;
    const auto before = name.substr(0, name.size() - last.size());
    return is_profile(before) || modules_.contains(before);
  }

  void import_modules(std::string_view list) {
    for (const auto part : split(list, ',')) {
      const auto [module, name] = parse_import(part);
      if (is_ours(module))
        modules_.emplace(name);
      else
        rebind(name.substr(0, name.find('.')));
    }
  }

  void import_from(std::string_view module, std::string_view list) {
    if (list.starts_with('(')) list = trim(list.substr(1, list.find(')') - 1));
    for (const auto part : split(list, ',')) {
      const auto [what, name] = parse_import(part);
      if (is_ours(module) && (what == "profile" || what == "*")) {
        profiles_.emplace(what == "*" ? "profile" : name);
      } else if (what == "*") {
        profiles_.clear();  // it may import another `profile`
      } else {
        rebind(name);
      }
    }
  }

  void rebind(std::string_view name) {
    if (const auto found = profiles_.find(name); found != profiles_.end()) profiles_.erase(found);
    if (const auto found = modules_.find(name); found != modules_.end()) modules_.erase(found);
  }

 private:
  std::set<std::string, std::less<>> profiles_ = {"profile"};
  std::set<std::string, std::less<>> modules_;
};

class Finder {
 public:
  std::optional<int> find(std::string_view source) {
    for (const auto& line : code_lines(source)) {
      leave_blocks(line.indent);
      if (uses_profile(line.text)) return line.number;
      for (const auto statement : split(line.text, ';')) take(statement, line.indent);
    }
    return std::nullopt;
  }

 private:
  void leave_blocks(std::size_t indent) {
    if (fallback_ && indent <= *fallback_) fallback_.reset();
    if (function_ && indent <= *function_) function_.reset();
  }

  bool uses_profile(std::string_view text) const {
    if (text.starts_with('@')) return names_.is_profile(leading_name(trim(text.substr(1))));
    cut_word(text, "async");
    if (!cut_word(text, "with")) return false;
    return names_.is_timestamp(leading_name(text.starts_with('(') ? trim(text.substr(1)) : text));
  }

  void take(std::string_view text, std::size_t indent) {
    if (fallback_ || take_header(text, indent)) return;
    auto rest = text;
    if (cut_word(rest, "import")) return names_.import_modules(rest);
    if (cut_word(rest, "from")) return take_from(rest);
    if (!function_) take_assignment(text);
  }

  /// Handles the header of a block and the statement after its colon. Returns false if the text is not one.
  bool take_header(std::string_view text, std::size_t indent) {
    auto rest = text;
    cut_word(rest, "async");
    if (cut_word(rest, "def") || cut_word(rest, "class")) {
      if (!function_) {
        names_.rebind(leading_name(rest));
        function_ = indent;
      }
      return true;
    }
    const bool is_except = cut_word(rest, "except");
    if (is_except && catches_missing(rest)) {
      fallback_ = indent;
      return true;
    }
    for (const auto* word : {"try", "else", "finally", "if", "elif", "while"}) {
      if (cut_word(rest, word)) return take_behind_colon(rest, indent);
    }
    if (cut_word(rest, "for")) {
      for (const auto name : split(rest.substr(0, rest.find(" in ")), ',')) names_.rebind(name);
      return true;
    }
    return is_except || cut_word(rest, "with");
  }

  static bool catches_missing(std::string_view errors) {
    constexpr std::string_view missing[] = {"NameError", "ImportError", "ModuleNotFoundError",
                                            "AttributeError", "Exception"};
    return errors.starts_with(':') ||
           std::any_of(std::begin(missing), std::end(missing), [&](std::string_view error) {
             return errors.find(error) != std::string_view::npos;
           });
  }

  bool take_behind_colon(std::string_view rest, std::size_t indent) {
    const auto parts = split(rest, ':');
    if (parts.size() > 1 && !parts.back().empty()) take(parts.back(), indent);
    return true;
  }

  void take_from(std::string_view rest) {
    const auto import = rest.find(" import");
    if (import == std::string_view::npos) return;
    auto list = rest.substr(import + 1);
    if (cut_word(list, "import")) names_.import_from(trim(rest.substr(0, import)), list);
  }

  void take_assignment(std::string_view text) {
    const auto sides = split(text, '=');
    for (std::size_t i = 0; i + 1 < sides.size(); ++i) {
      for (const auto target : split(sides[i], ','))
        names_.rebind(trim(split(target, ':').front()));
    }
  }

  Names names_;
  std::optional<std::size_t> fallback_;  ///< the indent of the current `except` block, if any
  std::optional<std::size_t> function_;  ///< the indent of the outermost function or class, if any
};

}  // namespace

std::optional<int> line_of_profile(std::string_view source) {
  return Finder().find(source);
}

}  // namespace mprofpp::python
