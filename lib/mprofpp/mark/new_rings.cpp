#include "mprofpp/mark/new_rings.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <span>

#include "mprofpp/wire/names.hpp"

namespace mprofpp::mark {
namespace {

namespace fs = std::filesystem;

bool is_ring_name(std::string_view name) {
  return name.ends_with(wire::ring_suffix);
}

std::vector<std::string> list(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (const fs::directory_iterator end; !error && entries != end; entries.increment(error)) {
    if (is_ring_name(entries->path().native())) paths.push_back(entries->path().string());
  }
  return paths;
}

/// What the kernel wrote into a buffer: events of any length, one behind another.
struct Found {
  std::vector<std::string> names;
  bool is_complete = true;  ///< else the kernel had no room for all of them
};
void read_events(std::span<const char> buffer, Found& found) {
  while (buffer.size() >= sizeof(inotify_event)) {
    inotify_event event{};
    std::memcpy(&event, buffer.data(), sizeof event);
    // the name is padded with NULs
    const std::string name = event.len == 0 ? "" : buffer.data() + sizeof event;
    if ((event.mask & IN_Q_OVERFLOW) != 0) found.is_complete = false;
    if (is_ring_name(name)) found.names.push_back(name);
    buffer = buffer.subspan(sizeof event + event.len);
  }
}

}  // namespace

Result<NewRings> NewRings::watch(const std::string& folder) {
  Fd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  // a ring gets its name when it is whole
  if (!fd || ::inotify_add_watch(fd.get(), folder.c_str(), IN_MOVED_TO) < 0) {
    return fail_errno(errno, folder, "cannot watch");
  }
  return NewRings(folder, std::move(fd));
}

std::vector<std::string> NewRings::take() {
  alignas(inotify_event) std::array<char, 16384> buffer;
  Found found;
  ssize_t length = 0;
  while ((length = ::read(fd_.get(), buffer.data(), buffer.size())) > 0) {
    read_events({buffer.data(), static_cast<std::size_t>(length)}, found);
  }
  if (!found.is_complete) return list(folder_);
  for (auto& name : found.names) name = folder_ + "/" + name;
  return std::move(found.names);
}

}  // namespace mprofpp::mark
