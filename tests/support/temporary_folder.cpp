#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

namespace mprofpp::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string>& folders_of_this_test() {
  static std::vector<std::string> folders;
  return folders;
}

/// Removes the folders of a test. A listener does this and not their owners, because doctest knows only
/// after the objects of a test are destroyed whether it has failed.
class FolderKeeper : public doctest::IReporter {
 public:
  explicit FolderKeeper(const doctest::ContextOptions&) {}

  void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
    for (const auto& folder : folders_of_this_test()) {
      std::error_code ignored;
      if (stats.failure_flags == 0)
        fs::remove_all(folder, ignored);
      else
        std::cerr << "the files of the test are left in " << folder << '\n';
    }
    folders_of_this_test().clear();
  }

  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats&) override {}
  void test_case_start(const doctest::TestCaseData&) override {}
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_exception(const doctest::TestCaseException&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData&) override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}
};

REGISTER_LISTENER("folder keeper", 1, FolderKeeper);

}  // namespace

TemporaryFolder::TemporaryFolder() {
  auto pattern = (fs::temp_directory_path() / "mprofpp-test-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
  folders_of_this_test().push_back(path_);
}

std::string TemporaryFolder::operator/(std::string_view name) const {
  return std::string(path_).append("/").append(name);
}

std::string TemporaryFolder::write(std::string_view name, std::string_view bytes) const {
  auto path = *this / name;
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return path;
}

}  // namespace mprofpp::test
