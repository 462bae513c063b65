#include "python_program.hpp"

#include <unistd.h>

#include <array>
#include <filesystem>

#include "mprofpp/base/file.hpp"

namespace mprofpp::app {
namespace {

bool executes_itself(const std::string& path) {
  if (path.find('/') == std::string::npos || ::access(path.c_str(), X_OK) != 0) return false;
  const auto fd = open_for_reading(path);
  if (!fd) return false;
  std::array<char, 2> magic{};
  const auto got = read_block(fd->get(), magic);
  return got && *got == magic.size() && magic[0] == '#' && magic[1] == '!';
}

/// python, python3, python3.12, python3-dbg; but python_stats.py is a script.
bool is_python(const std::string& word) {
  const auto name = word.substr(word.rfind('/') + 1);
  return name.starts_with("python") && !name.ends_with(".py");
}

std::vector<std::string> behind(std::vector<std::string> interpreter,
                                const std::vector<std::string>& words) {
  interpreter.insert(interpreter.end(), words.begin(), words.end());
  return interpreter;
}

}  // namespace

std::vector<std::string> with_interpreter(std::vector<std::string> words, Python python) {
  const auto& first = words.front();
  if (python == Python::never || is_python(first)) return words;
  std::error_code ignored;
  const bool script = first.ends_with(".py");
  const bool is_file = std::filesystem::exists(first, ignored);
  if (python == Python::by_name && (!script || !is_file || executes_itself(first))) return words;
  if (script || is_file) return behind({"python3"}, words);
  return behind({"python3", "-m"}, words);
}

}  // namespace mprofpp::app
