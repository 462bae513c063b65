#include "mprofpp/python/command.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace mprofpp::python {
namespace {

using Arguments = std::span<const std::string>;

/// Adds the files that may contain the module "package.module".
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

/// Returns the folder in which a server looks for its application: "--chdir DIR", "--app-dir=DIR".
std::string folder_in(Arguments arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    for (const std::string_view option : {"--chdir", "--app-dir"}) {
      if (arguments[i] == option && i + 1 < arguments.size()) return arguments[i + 1] + "/";
      const auto with_value = std::string(option) + "=";
      if (arguments[i].starts_with(with_value)) return arguments[i].substr(with_value.size()) + "/";
    }
  }
  return {};
}

/// Adds the application of gunicorn, uvicorn and similar servers: "app:app".
void add_application(std::vector<std::string>& files, Arguments arguments) {
  for (const auto& argument : arguments) {
    const auto colon = argument.find(':');
    if (colon == std::string::npos || !is_name_with_dots(argument.substr(0, colon))) continue;
    if (!is_name_with_dots(argument.substr(colon + 1, 1))) continue;
    add_module(files, std::string_view(argument).substr(0, colon), folder_in(arguments),
               "__init__.py");
  }
}

/// Adds the scripts that pytest and coverage run: "test_it.py::test_one", "run x.py".
void add_scripts(std::vector<std::string>& files, Arguments arguments) {
  for (const auto& argument : arguments) {
    const auto path = argument.substr(0, argument.find("::"));
    if (path.ends_with(".py")) files.push_back(path);
  }
}

std::string_view tool_in(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  return name.substr(0, name.rfind(".py"));
}

void add_arguments(std::vector<std::string>& files, std::string_view tool, Arguments arguments) {
  add_application(files, arguments);
  const bool takes_scripts =
      tool == "pytest" || tool == "py.test" || tool == "coverage" || tool == "python3-coverage";
  if (takes_scripts) add_scripts(files, arguments);
}

Sources of_script(const std::string& script, Arguments arguments) {
  Sources sources;
  sources.files = {script, script + "/__main__.py"};
  add_arguments(sources.files, tool_in(script), arguments);
  return sources;
}

Sources of_module(std::string_view module, Arguments arguments) {
  Sources sources;
  add_module(sources.files, module, "", "__main__.py");
  add_arguments(sources.files, module, arguments);
  return sources;
}

}  // namespace

Sources sources_of(const std::vector<std::string>& command) {
  Arguments rest(command);
  if (!rest.empty()) rest = rest.subspan(1);
  for (; !rest.empty(); rest = rest.subspan(1)) {
    const std::string_view argument = rest.front();
    if (argument == "-" || argument.empty()) return {};
    if (!argument.starts_with('-')) return of_script(rest.front(), rest.subspan(1));
    if (argument == "--check-hash-based-pycs" && rest.size() > 1) rest = rest.subspan(1);
    if (argument.starts_with("--")) continue;
    // one-letter options, and the first that takes a value
    const auto at = argument.find_first_of("cmWX", 1);
    if (at == std::string_view::npos) continue;
    const bool is_separate = at + 1 == argument.size();
    if (is_separate && rest.size() == 1) return {};
    const auto value = is_separate ? std::string_view(rest[1]) : argument.substr(at + 1);
    if (is_separate) rest = rest.subspan(1);
    if (argument[at] == 'c') return {std::string(value), {}};
    if (argument[at] == 'm') return of_module(value, rest.subspan(1));
  }
  return {};
}

}  // namespace mprofpp::python
