#include "mprofpp/ring/run_search.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/wire/names.hpp"

namespace mprofpp::ring {
namespace {

namespace fs = std::filesystem;

/// Returns true if a running recorder holds the lock on the folder and we may write into its recording. Other
/// users cannot open the folder of root's recorder, so they cannot.
bool has_recorder(const std::string& folder) {
  const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return fd && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace

std::string recorded_note_of(const model::ProcessId& process) {
  return wire::recorded_note + std::to_string(process.pid) + "-" + std::to_string(process.start);
}

std::optional<std::string> find_run_folder(const std::vector<std::string>& places,
                                           const model::ProcessId& process) {
  const auto note = recorded_note_of(process);
  for (const auto& place : places) {
    std::error_code error;
    fs::directory_iterator entries(place, fs::directory_options::skip_permission_denied, error);
    for (const fs::directory_iterator end; !error && entries != end; entries.increment(error)) {
      const auto& path = entries->path();
      if (!path.filename().string().starts_with(wire::run_folder_prefix)) continue;
      const bool is_announced = ::access((path / note).c_str(), F_OK) == 0;
      if (is_announced && has_recorder(path.string())) return path.string();
    }
  }
  return std::nullopt;
}

}  // namespace mprofpp::ring
