#include "mprofpp/symbols/debug_file.hpp"

#include <zlib.h>

#include <filesystem>
#include <vector>

#include "mprofpp/base/file.hpp"

namespace mprofpp::symbols {
namespace {

namespace fs = std::filesystem;

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const auto byte : bytes) {
    text += digits[static_cast<unsigned char>(byte) >> 4];
    text += digits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

/// Returns the path of a file with that build-id; nothing if it cannot be a build-id.
std::optional<std::string> path_of_build_id(std::string_view id, const std::string& debug_root) {
  constexpr std::size_t shortest = 2;
  constexpr std::size_t longest = 64;
  if (id.size() < shortest || id.size() > longest) return std::nullopt;
  return debug_root + "/.build-id/" + hexadecimal(id.substr(0, 1)) + "/" +
         hexadecimal(id.substr(1)) + ".debug";
}

std::vector<std::string> paths_of_link(const std::string& name, const std::string& path,
                                       const std::string& debug_root) {
  if (name.find('/') != std::string::npos || name == "..") return {};
  std::error_code error;  // below debug_root, a file has its real path, not one through links
  const auto real = fs::canonical(path, error);
  const auto folder = (error ? fs::path(path) : real).parent_path().string();
  return {folder + "/" + name, folder + "/.debug/" + name, debug_root + folder + "/" + name};
}

/// Returns the checksum that .gnu_debuglink uses, which is zlib's CRC-32.
std::optional<std::uint32_t> checksum_of(int fd) {
  std::vector<char> block(256 * 1024);
  auto sum = ::crc32(0, nullptr, 0);
  for (off_t at = 0;;) {
    const auto size = read_block_at(fd, block, at);
    if (!size) return std::nullopt;
    sum = ::crc32(sum, reinterpret_cast<const Bytef*>(block.data()), static_cast<uInt>(*size));
    if (*size < block.size()) return static_cast<std::uint32_t>(sum);
    at += static_cast<off_t>(*size);
  }
}

enum class Belongs { no, yes, too_expensive };

Belongs belongs_to(const ElfFile& debug, const ElfFile& file, Effort effort) {
  constexpr std::uint64_t quickly_added_up = 4 * 1024 * 1024;
  if (debug.identity == file.identity || !debug.all) return Belongs::no;
  if (!debug.build_id.empty() && !file.build_id.empty()) {
    return debug.build_id == file.build_id ? Belongs::yes : Belongs::no;
  }
  if (!file.debug_link) return Belongs::no;
  if (effort == Effort::between_samples && debug.identity.size > quickly_added_up) {
    return Belongs::too_expensive;
  }
  return checksum_of(debug.fd.get()) == file.debug_link->checksum ? Belongs::yes : Belongs::no;
}

}  // namespace

DebugSearch find_debug_file(const ElfFile& file, const std::string& path,
                            const std::string& debug_root, Effort effort) {
  std::vector<std::string> paths;
  if (auto by_id = path_of_build_id(file.build_id, debug_root)) paths.push_back(std::move(*by_id));
  if (file.debug_link) {
    for (auto& by_name : paths_of_link(file.debug_link->name, path, debug_root)) {
      paths.push_back(std::move(by_name));
    }
  }
  DebugSearch search;
  for (const auto& candidate : paths) {
    auto debug = open_elf(candidate);
    if (!debug) continue;
    const auto answer = belongs_to(*debug, file, effort);
    search.was_too_expensive = search.was_too_expensive || answer == Belongs::too_expensive;
    if (answer == Belongs::yes) return {std::move(*debug)};
  }
  return search;
}

}  // namespace mprofpp::symbols
