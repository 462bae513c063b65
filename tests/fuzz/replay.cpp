// Checks every file of the given folders once, so that fixed findings stay fixed with any compiler.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "target.hpp"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
  int count = 0;
  for (const auto& folder : std::vector<fs::path>(argv + 1, argv + argc)) {
    for (const auto& path : files_of(folder)) {
      std::printf("%s\n", path.c_str());
      std::fflush(stdout);  // the last file printed is the one that fails
      mprofpp::fuzz::check(bytes_of(path));
      ++count;
    }
  }
  std::printf("%d inputs\n", count);
  return count > 0 ? 0 : 1;
}
