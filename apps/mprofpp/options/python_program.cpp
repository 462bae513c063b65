#include "options/python_program.hpp"

#include <unistd.h>

#include <array>
#include <filesystem>

#include "mprofpp/base/file.hpp"
#include "mprofpp/python/obstacle.hpp"

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

Arguments in_front(Arguments interpreter, const Arguments& program) {
  interpreter.insert(interpreter.end(), program.begin(), program.end());
  return interpreter;
}

}  // namespace

Arguments with_interpreter(Arguments program, Python python) {
  const auto& first = program.front();
  if (python == Python::never || python::is_python(first)) return program;
  std::error_code ignored;
  const bool is_script = first.ends_with(".py");
  const bool is_file = std::filesystem::exists(first, ignored);
  const bool runs_itself = !is_script || !is_file || executes_itself(first);
  if (python == Python::by_name && runs_itself) return program;
  if (is_script || is_file) return in_front({"python3"}, program);
  return in_front({"python3", "-m"}, program);
}

}  // namespace mprofpp::app
