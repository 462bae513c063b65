#include "layout.hpp"

#include <filesystem>

namespace mprofpp::app {

Layout find_layout() {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto executable = fs::read_symlink("/proc/self/exe", error);
  const auto prefix = executable.parent_path().parent_path();
  return Layout{
      .hold = (prefix / "libexec/mprofpp/hold").string(),
      .agent = (prefix / "lib/mprofpp/libmprofpp-agent.so").string(),
      .draw = (prefix / "lib/mprofpp/libmprofpp-draw.so").string(),
  };
}

}  // namespace mprofpp::app
