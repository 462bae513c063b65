#include "mprofpp/store/names.hpp"

#include <array>

namespace mprofpp::store {
namespace {

Result<std::string> variable_value(std::string_view pattern, std::string_view braced,
                                   const NameValues& values) {
  const auto end = braced.find('}');
  if (!braced.starts_with('{') || end == std::string_view::npos) {
    return fail(Errc::invalid_argument, pattern, "needs {VARIABLE} after %q");
  }
  const std::string name(braced.substr(1, end - 1));
  auto value = values.variable(name);
  if (!value) {
    return fail(Errc::invalid_argument, pattern, "needs the environment variable " + name,
                "set it or choose another name");
  }
  return *value;
}

}  // namespace

std::string default_name(const std::tm& local) {
  std::array<char, 64> name{};
  const auto length = std::strftime(name.data(), name.size(), "mprofile_%Y%m%d%H%M%S.dat", &local);
  return std::string(name.data(), length);
}

Result<std::string> expand_name(std::string_view pattern, const NameValues& values) {
  std::string name;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      name += pattern[i];
      continue;
    }
    const char letter = ++i < pattern.size() ? pattern[i] : '\0';
    if (letter == '%') {
      name += '%';
    } else if (letter == 'p') {
      name += values.pid;
    } else if (letter == 'h') {
      name += values.host;
    } else if (letter == 'q') {
      auto value = variable_value(pattern, pattern.substr(i + 1), values);
      if (!value) return value;
      name += *value;
      i = pattern.find('}', i);
    } else {
      return fail(Errc::invalid_argument, pattern, "contains an unknown % placeholder",
                  "%p is the pid, %h the host, %q{VAR} a variable, %% a percent sign");
    }
  }
  return name;
}

}  // namespace mprofpp::store
