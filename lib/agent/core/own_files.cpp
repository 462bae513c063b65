#include "core/own_files.hpp"

#include <string.h>

#include "core/freestanding.hpp"
#include "mprofpp/wire/uncancelled.hpp"

namespace mprofpp::agent {
namespace {

/// Returns the value in a line that starts with `key`; null if it starts with something else.
const char* behind(const char* line, const char* key) {
  const std::size_t length = strlen(key);
  if (strncmp(line, key, length) != 0) return nullptr;
  const char* at = line + length;
  while (*at == ' ' || *at == '\t') ++at;
  return at;
}

/// Copies a name in which the kernel has escaped each newline as `\n` and each backslash as `\\`.
template <std::size_t room>
void unescape_name(const char* escaped, char (&name)[room]) {
  for (std::size_t i = 0; i < room && *escaped != '\0'; ++i) {
    const bool is_escape = escaped[0] == '\\' && escaped[1] != '\0';
    if (is_escape) ++escaped;
    name[i] = is_escape && *escaped == 'n' ? '\n' : *escaped;
    ++escaped;
  }
}

/// Stores the value of a line, if it is one of those that matter.
void read_line(const char* line, OwnStatus& status) {
  constexpr std::uint64_t kibibyte = 1024;
  constexpr std::uint64_t unknown_many = 1'000'000;
  if (const char* name = behind(line, "Name:\t")) unescape_name(name, status.name);
  if (const char* pid = behind(line, "Pid:")) {
    status.pid = static_cast<std::uint32_t>(number_at(pid).value);
  }
  if (const char* parent = behind(line, "PPid:")) {
    status.parent = static_cast<std::uint32_t>(number_at(parent).value);
  }
  if (const char* vms = behind(line, "VmPeak:")) status.peak_vms = number_at(vms).value * kibibyte;
  if (const char* rss = behind(line, "VmHWM:")) status.peak_rss = number_at(rss).value * kibibyte;
  // Linux before 5.9 does not report the number of filters
  if (const char* mode = behind(line, "Seccomp:")) status.filters = *mode == '0' ? 0 : unknown_many;
  if (const char* count = behind(line, "Seccomp_filters:")) status.filters = number_at(count).value;
}

}  // namespace

std::uint64_t own_start() {
  char text[1024];
  if (!read_proc_file("/proc/self/stat", text)) return 0;
  // the name in parentheses may contain anything, even parentheses
  const char* at = strrchr(text, ')');
  constexpr int fields_after_name = 20;
  for (int field = 0; field < fields_after_name && at != nullptr; ++field) at = strchr(at + 1, ' ');
  return at == nullptr ? 0 : number_at(at + 1).value;
}

/// Reads line by line and stores only the beginning of each, because the list of groups may be larger
/// than the stack of a signal handler.
OwnStatus own_status() {
  OwnStatus status;
  const int fd = wire::uncancelled::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return status;
  char line[48];
  std::size_t length = 0;
  char bytes[1024];
  for (ssize_t got; (got = wire::uncancelled::read(fd, bytes, sizeof bytes)) > 0;) {
    for (ssize_t i = 0; i < got; ++i) {
      if (bytes[i] != '\n') {
        if (length + 1 < sizeof line) line[length++] = bytes[i];
        continue;
      }
      line[length] = '\0';
      length = 0;
      read_line(line, status);
    }
  }
  wire::uncancelled::close(fd);
  return status;
}

}  // namespace mprofpp::agent
