#include "mprofpp/proc/listening.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <unordered_set>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::proc {
namespace {

namespace fs = std::filesystem;

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const auto word = next_word(line);
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

std::optional<std::uint16_t> hexadecimal(std::string_view digits) {
  constexpr int base = 16;
  std::uint16_t value = 0;
  const auto* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value, base);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return value;
}

/// Parses `sl: address:port remote state queues timer retransmits uid timeout inode …`.
std::optional<ListeningSocket> parse_line(std::string_view line) {
  constexpr std::string_view listens = "0A";
  const auto words = words_of(line);
  if (words.size() < 10 || words[3] != listens) return std::nullopt;
  const auto colon = words[1].rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = hexadecimal(words[1].substr(colon + 1));
  const auto inode = parse_integer<std::uint64_t>(words[9]);
  if (!port || !inode) return std::nullopt;
  return ListeningSocket{*inode, *port};
}

std::vector<ListeningSocket> read_listening(pid_t pid) {
  std::vector<ListeningSocket> sockets;
  for (const auto* const file : {"net/tcp", "net/tcp6"}) {
    const auto text = read_file(path_of(pid, file));
    if (!text) continue;
    const auto found = parse_listening(*text);
    sockets.insert(sockets.end(), found.begin(), found.end());
  }
  return sockets;
}

std::unordered_set<std::uint64_t> socket_inodes(pid_t pid) {
  constexpr std::string_view start = "socket:[";
  std::unordered_set<std::uint64_t> inodes;
  std::error_code error;
  auto at = fs::directory_iterator(path_of(pid, "fd"), error);
  while (!error && at != fs::directory_iterator()) {
    std::error_code is_gone;
    const auto target = fs::read_symlink(at->path(), is_gone).string();
    if (!is_gone && target.starts_with(start)) {
      const auto digits =
          std::string_view(target).substr(start.size(), target.size() - start.size() - 1);
      inodes.insert(parse_integer<std::uint64_t>(digits).value_or(0));
    }
    at.increment(error);
  }
  return inodes;
}

std::vector<pid_t> all_processes() {
  std::vector<pid_t> pids;
  std::error_code error;
  auto at = fs::directory_iterator("/proc", error);
  while (!error && at != fs::directory_iterator()) {
    if (const auto pid = parse_integer<pid_t>(at->path().filename().string())) {
      pids.push_back(*pid);
    }
    at.increment(error);
  }
  return pids;
}

}  // namespace

std::vector<ListeningSocket> parse_listening(std::string_view text) {
  std::vector<ListeningSocket> sockets;
  for_each_line(text, [&](std::string_view line) {
    if (const auto socket = parse_line(line)) sockets.push_back(*socket);
  });
  return sockets;
}

std::vector<std::uint16_t> listening_ports(const std::vector<pid_t>& pids) {
  std::set<std::uint16_t> ports;
  for (const pid_t pid : pids) {
    const auto inodes = socket_inodes(pid);
    if (inodes.empty()) continue;
    for (const auto& socket : read_listening(pid)) {
      if (inodes.contains(socket.inode)) ports.insert(socket.port);
    }
  }
  return {ports.begin(), ports.end()};
}

std::optional<pid_t> find_listener(std::uint16_t port) {
  std::unordered_set<std::uint64_t> wanted;
  for (const auto& socket : read_listening(::getpid())) {
    if (socket.port == port) wanted.insert(socket.inode);
  }
  if (wanted.empty()) return std::nullopt;
  for (const pid_t pid : all_processes()) {
    for (const auto inode : socket_inodes(pid)) {
      if (wanted.contains(inode)) return pid;
    }
  }
  return std::nullopt;
}

std::vector<pid_t> descendants_of(pid_t pid) {
  std::vector<pid_t> found;
  std::vector<pid_t> next = read_children(pid);
  while (!next.empty()) {
    const pid_t child = next.back();
    next.pop_back();
    if (std::find(found.begin(), found.end(), child) != found.end()) continue;
    found.push_back(child);
    const auto children = read_children(child);
    next.insert(next.end(), children.begin(), children.end());
  }
  return found;
}

}  // namespace mprofpp::proc
