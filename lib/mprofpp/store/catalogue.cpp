#include "mprofpp/store/catalogue.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "mprofpp/base/text.hpp"
#include "mprofpp/store/reader.hpp"

namespace mprofpp::store {
namespace {

namespace fs = std::filesystem;

Failure nothing_recorded(const std::string& folder) {
  return fail(Errc::not_found, folder == "." ? "" : folder, "no recording in this folder");
}

bool is_recording(const std::string& path) {
  const auto range = time_range(path);
  return range && range->has_value();
}

/// Lists *.dat files without a default name, recordings or not, in the order in which
/// they were last written.
std::vector<std::pair<fs::file_time_type, std::string>> other_files(const std::string& folder) {
  std::vector<std::pair<fs::file_time_type, std::string>> found;
  std::error_code error;
  std::error_code ignored;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    auto name = it->path().filename().string();
    if (!name.ends_with(".dat") || has_default_name(name) || !it->is_regular_file(ignored))
      continue;
    found.emplace_back(it->last_write_time(ignored), std::move(name));
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

bool has_default_name(std::string_view name) {
  constexpr std::string_view prefix = "mprofile_";
  constexpr std::string_view suffix = ".dat";
  if (!name.starts_with(prefix) || !name.ends_with(suffix)) return false;
  if (name.size() != prefix.size() + 14 + suffix.size()) return false;
  return name.find_first_not_of("0123456789", prefix.size()) == name.size() - suffix.size();
}

std::string in_folder(const std::string& folder, const std::string& name) {
  return folder.empty() || folder == "." ? name : (fs::path(folder) / name).string();
}

Result<std::vector<std::string>> list_recordings(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    auto name = it->path().filename().string();
    if (has_default_name(name)) names.push_back(std::move(name));
  }
  if (error) return fail_errno(error.value(), folder, "cannot read the folder");
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::string> pick_recording(const std::string& folder, const std::string& name_or_index) {
  std::error_code ignored;
  if (fs::exists(in_folder(folder, name_or_index), ignored)) {
    return in_folder(folder, name_or_index);
  }
  if (parse_integer<long>(name_or_index)) return recording_at(folder, name_or_index);
  return fail(Errc::not_found, name_or_index, "no such recording",
              "give a file or an index: 0 is the oldest one here, -1 the newest");
}

Result<std::string> recording_at(const std::string& folder, const std::string& index) {
  auto names = list_recordings(folder);
  if (!names) return Failure(std::move(names.error()));
  if (names->empty()) return nothing_recorded(folder);
  const auto count = static_cast<long>(names->size());
  const auto number = parse_integer<long>(index).value_or(count);
  const auto place = number < 0 ? number + count : number;
  if (place < 0 || place >= count) {
    return fail(Errc::not_found, "", "no recording " + index,
                "valid indices are 0 to " + std::to_string(count - 1));
  }
  return in_folder(folder, (*names)[static_cast<std::size_t>(place)]);
}

std::vector<std::string> list_named(const std::string& folder) {
  std::vector<std::string> names;
  for (auto& [written, name] : other_files(folder)) {
    if (is_recording(in_folder(folder, name))) names.push_back(std::move(name));
  }
  return names;
}

Result<std::string> newest_recording(const std::string& folder) {
  const auto names = list_recordings(folder);
  if (!names) return Failure(names.error());
  const auto newest = names->empty() ? std::string() : in_folder(folder, names->back());
  std::error_code ignored;
  const auto last =
      newest.empty() ? fs::file_time_type::min() : fs::last_write_time(newest, ignored);
  auto others = other_files(folder);
  for (auto other = others.rbegin(); other != others.rend() && other->first > last; ++other) {
    auto path = in_folder(folder, other->second);
    if (is_recording(path)) return path;
  }
  return newest.empty() ? nothing_recorded(folder) : Result<std::string>(newest);
}

}  // namespace mprofpp::store
