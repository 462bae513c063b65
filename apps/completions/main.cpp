// Writes the completion scripts of bash, zsh and fish: completions TEMPLATES RESULTS. The build runs it, so
// that the scripts have the options that the commands declare.

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "completions/scripts.hpp"
#include "mprofpp/base/file.hpp"

namespace {

using namespace mprofpp;
using namespace mprofpp::app;

using Script = std::string (*)(const std::string&, const std::vector<CompletedCommand>&);

Result<void> write(const std::string& source, const std::string& target, Script script) {
  const auto text = read_file(source);
  if (!text) return Failure(text.error());
  return replace_file(target, script(*text, completed_commands(all_commands())));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: completions TEMPLATES RESULTS\n", stderr);
    return 2;
  }
  const std::pair<const char*, Script> scripts[] = {
      {"mprofpp.bash", bash_script}, {"_mprofpp", zsh_script}, {"mprofpp.fish", fish_script}};
  for (const auto& [name, script] : scripts) {
    const auto source = std::string(argv[1]) + "/" + name + ".in";
    const auto target = std::string(argv[2]) + "/" + name;
    if (const auto written = write(source, target, script); !written) {
      std::fprintf(stderr, "%s: %s\n", written.error().place.c_str(), written.error().what.c_str());
      return 1;
    }
  }
  return 0;
}
