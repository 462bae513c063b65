#include "mprofpp/inject/maps.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::inject {
namespace {

std::optional<std::uint64_t> hexadecimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Parses `7f00-7f10 r-xp 00000000 fe:01 1234      /usr/lib/x.so`.
std::optional<MappedStart> parse_line(std::string_view line) {
  const auto range = next_word(line);
  const auto begin = hexadecimal(range.substr(0, range.find('-')));
  const auto permissions = next_word(line);
  const auto offset = hexadecimal(next_word(line));
  next_word(line);  // the device
  next_word(line);  // the inode
  line.remove_prefix(std::min(line.size(), line.find_first_not_of(' ')));
  if (!begin || offset != 0U || !permissions.starts_with('r') || !line.starts_with('/')) {
    return std::nullopt;
  }
  constexpr std::string_view deleted = " (deleted)";
  if (line.ends_with(deleted)) line.remove_suffix(deleted.size());
  return MappedStart{*begin, std::string(line)};
}

}  // namespace

std::string_view MappedStart::name() const {
  return std::string_view(path).substr(path.rfind('/') + 1);
}

std::vector<MappedStart> parse_maps(std::string_view text) {
  std::vector<MappedStart> starts;
  for_each_line(text, [&](std::string_view line) {
    if (auto start = parse_line(line)) starts.push_back(std::move(*start));
  });
  return starts;
}

Result<std::vector<MappedStart>> read_maps(pid_t pid) {
  const auto text = read_file(proc::path_of(pid, "maps"));
  if (!text) return Failure(text.error());
  return parse_maps(*text);
}

}  // namespace mprofpp::inject
