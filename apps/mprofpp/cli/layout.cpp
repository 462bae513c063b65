#include "cli/layout.hpp"

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
      .attached_agent = (prefix / "lib/mprofpp/libmprofpp-attach.so").string(),
      .draw = (prefix / "lib/mprofpp/libmprofpp-draw.so").string(),
      .page = (prefix / "share/mprofpp/html/page.html").string(),
  };
}

Result<void> check_part(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;  // if a folder cannot be entered, opening the file reports it
  if (fs::status(path, error).type() != fs::file_type::not_found) return {};
  return fail(Errc::not_found, path, "is missing", parts_hint);
}

}  // namespace mprofpp::app
