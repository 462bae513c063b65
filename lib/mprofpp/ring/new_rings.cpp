#include "mprofpp/ring/new_rings.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <tuple>
#include <utility>

#include "mprofpp/wire/names.hpp"

namespace mprofpp::ring {
namespace {

namespace fs = std::filesystem;

bool is_before(const timespec& a, const timespec& b) {
  return std::tie(a.tv_sec, a.tv_nsec) < std::tie(b.tv_sec, b.tv_nsec);
}

/// Reads the clock from which the kernel takes the times of files. It advances every few milliseconds.
timespec clock_of_files() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return now;
}

}  // namespace

Result<NewRings> NewRings::watch(const std::string& folder) {
  Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return fail_errno(errno, folder, "cannot watch");
  return NewRings(folder, std::move(fd));
}

/// Two changes may have the same time. Only after the clock has moved on does an equal time mean that
/// nothing has changed.
bool NewRings::has_changed() {
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) return false;
  const bool is_same = !is_before(changed_, status.st_mtim) && !is_before(status.st_mtim, changed_);
  if (is_same && is_settled_) return false;
  changed_ = status.st_mtim;
  is_settled_ = is_before(changed_, clock_of_files());
  return true;
}

std::vector<std::string> NewRings::find() {
  if (!has_changed()) return {};
  return list_unknown();
}

/// A file gets its suffix when it is complete.
std::vector<std::string> NewRings::list_unknown() {
  std::vector<std::string> unknown;
  std::unordered_set<std::string> all;
  std::error_code error;
  fs::directory_iterator entries(folder_, error);
  for (const fs::directory_iterator end; !error && entries != end; entries.increment(error)) {
    auto path = entries->path().string();
    if (!path.ends_with(wire::ring_suffix) && !path.ends_with(wire::line_table_suffix)) continue;
    if (!known_.contains(path)) unknown.push_back(path);
    all.insert(std::move(path));
  }
  known_ = std::move(all);
  return unknown;
}

}  // namespace mprofpp::ring
