#include "mprofpp/python/command.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace mprofpp::python {
namespace {

using Words = std::span<const std::string>;

/// "package.module" as files.
void add_module(std::vector<std::string>& files, std::string_view module, std::string_view folder,
                std::string_view in_package) {
  std::string path(folder);
  for (const char c : module) path += c == '.' ? '/' : c;
  files.push_back(path + ".py");
  files.push_back(path + "/" + std::string(in_package));
}

bool begins_name(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name_with_dots(std::string_view text) {
  return !text.empty() && begins_name(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return begins_name(c) || c == '.' || (c >= '0' && c <= '9'); });
}

/// Servers are told where else the application is: "--chdir DIR", "--app-dir=DIR".
std::string folder_in(Words words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (const std::string_view option : {"--chdir", "--app-dir"}) {
      if (words[i] == option && i + 1 < words.size()) return words[i + 1] + "/";
      const auto with_value = std::string(option) + "=";
      if (words[i].starts_with(with_value)) return words[i].substr(with_value.size()) + "/";
    }
  }
  return {};
}

/// "app:app" of gunicorn, uvicorn and their like.
void add_application(std::vector<std::string>& files, Words words) {
  for (const auto& word : words) {
    const auto colon = word.find(':');
    if (colon == std::string::npos || !is_name_with_dots(word.substr(0, colon))) continue;
    if (!is_name_with_dots(word.substr(colon + 1, 1))) continue;
    add_module(files, std::string_view(word).substr(0, colon), folder_in(words), "__init__.py");
  }
}

/// "test_it.py::test_one" of pytest, "run x.py" of coverage.
void add_scripts(std::vector<std::string>& files, Words words) {
  for (const auto& word : words) {
    const auto path = word.substr(0, word.find("::"));
    if (path.ends_with(".py")) files.push_back(path);
  }
}

std::string_view tool_in(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  return name.substr(0, name.rfind(".py"));
}

void add_arguments(std::vector<std::string>& files, std::string_view tool, Words words) {
  add_application(files, words);
  const bool takes_scripts =
      tool == "pytest" || tool == "py.test" || tool == "coverage" || tool == "python3-coverage";
  if (takes_scripts) add_scripts(files, words);
}

Sources of_script(const std::string& script, Words arguments) {
  Sources sources;
  sources.files = {script, script + "/__main__.py"};
  add_arguments(sources.files, tool_in(script), arguments);
  return sources;
}

Sources of_module(std::string_view module, Words arguments) {
  Sources sources;
  add_module(sources.files, module, "", "__main__.py");
  add_arguments(sources.files, module, arguments);
  return sources;
}

}  // namespace

Sources sources_of(const std::vector<std::string>& words) {
  Words rest(words);
  if (!rest.empty()) rest = rest.subspan(1);
  for (; !rest.empty(); rest = rest.subspan(1)) {
    const std::string_view word = rest.front();
    if (word == "-" || word.empty()) return {};
    if (!word.starts_with('-')) return of_script(rest.front(), rest.subspan(1));
    if (word == "--check-hash-based-pycs" && rest.size() > 1) rest = rest.subspan(1);
    if (word.starts_with("--")) continue;
    // one-letter options, and the first that takes a value
    const auto at = word.find_first_of("cmWX", 1);
    if (at == std::string_view::npos) continue;
    const bool is_own_word = at + 1 == word.size();
    if (is_own_word && rest.size() == 1) return {};
    const auto value = is_own_word ? std::string_view(rest[1]) : word.substr(at + 1);
    if (is_own_word) rest = rest.subspan(1);
    if (word[at] == 'c') return {std::string(value), {}};
    if (word[at] == 'm') return of_module(value, rest.subspan(1));
  }
  return {};
}

}  // namespace mprofpp::python
