#include "marks/ring_places.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace mprofpp::app {
namespace {

namespace fs = std::filesystem;

/// Returns the folder of the recording. A name with a % is expanded later, which may change its folder;
/// then the result is the current folder.
std::string folder_of(const std::string& output) {
  const auto parent =
      output.find('%') == std::string::npos ? fs::path(output).parent_path() : fs::path();
  std::error_code error;
  return fs::absolute(parent.empty() ? fs::path(".") : parent, error).lexically_normal().string();
}

}  // namespace

std::vector<std::string> places_for_rings(const std::string& output) {
  std::vector<std::string> places = {"/dev/shm"};
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  const bool is_absolute = runtime != nullptr && runtime[0] == '/';
  if (is_absolute && ::geteuid() != 0) places.emplace_back(runtime);
  places.push_back(folder_of(output));
  return places;
}

}  // namespace mprofpp::app
