#include "mprofpp/store/remove.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "mprofpp/base/text.hpp"
#include "mprofpp/model/sink.hpp"
#include "mprofpp/store/catalogue.hpp"
#include "mprofpp/store/reader.hpp"

namespace mprofpp::store {
namespace {

namespace fs = std::filesystem;

void add_once(std::vector<std::string>& files, const std::string& file) {
  if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
}

void add_with_twin(std::vector<std::string>& files, const std::string& file) {
  add_once(files, file);
  auto twin = fs::path(file);
  twin.replace_filename(twin.stem().string() + "_ts.dat");
  std::error_code ignored;
  if (fs::exists(twin, ignored)) add_once(files, twin.string());
}

/// Checks that mprofpp may remove a file: it has the default name of a recording, is empty (a
/// recorder that was killed at once) or can be read as a recording.
Result<void> check_is_recording(const std::string& path) {
  std::error_code ignored;
  if (has_default_name(fs::path(path).filename().string()) && fs::is_regular_file(path, ignored)) {
    return {};
  }
  if (fs::is_regular_file(path, ignored) && fs::file_size(path, ignored) == 0) return {};
  model::Sink nobody;
  return store::read(path, nobody);
}

Result<std::string> resolve(const std::string& folder, const std::string& operand) {
  if (parse_integer<long>(operand)) return recording_at(folder, operand);
  std::error_code ignored;
  if (!fs::exists(operand, ignored)) {
    return fail(Errc::not_found, operand, "no such recording");
  }
  if (auto checked = check_is_recording(operand); !checked) return Failure(checked.error());
  return operand;
}

}  // namespace

Result<std::vector<std::string>> files_to_remove(const std::string& folder,
                                                 const std::vector<std::string>& operands) {
  std::vector<std::string> files;
  for (const auto& operand : operands) {
    auto file = resolve(folder, operand);
    if (!file) return Failure(std::move(file.error()));
    add_with_twin(files, *file);
  }
  return files;
}

Result<std::vector<std::string>> all_files_to_remove(const std::string& folder) {
  auto names = list_recordings(folder);
  if (!names) return names;
  std::vector<std::string> files;
  for (const auto& name : *names) add_with_twin(files, in_folder(folder, name));
  return files;
}

Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return fail_errno(errno, path, "cannot remove");
  return {};
}

}  // namespace mprofpp::store
