#include "mprofpp/store/heading.hpp"

#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "mprofpp/base/text.hpp"
#include "mprofpp/dat/escape.hpp"

namespace mprofpp::store {
namespace {

/// A command line may have two million bytes, a reader looks for the first time in the first 64
/// KiB.
constexpr std::size_t longest_command = 8 * 1024;

/// The first words, as many as are `longest_command` together.
std::vector<std::string> beginning_of(const std::vector<std::string>& words) {
  std::vector<std::string> beginning;
  std::size_t bytes = 0;
  for (const auto& word : words) {
    bytes += word.size() + 1;
    if (bytes > longest_command) break;
    beginning.push_back(word);
  }
  return beginning;
}

}  // namespace

model::Meta interval_setting(Duration interval) {
  return {"interval", {fixed(to_seconds(interval), 6)}};
}

void add_heading(Block& block, const Heading& heading) {
  auto argv = beginning_of(heading.argv);
  const auto more = heading.argv.size() - argv.size();
  block.add(
      model::CommandLine{dat::escape_formulas(dat::quote_words(argv)) + (more > 0 ? " …" : "")});
  block.add(model::Meta{"format", {"1"}});
  block.add(model::Meta{"version", {heading.version}});
  block.add(interval_setting(heading.interval));
  block.add(model::Meta{"metric", {heading.metric}});
  if (!heading.metrics.empty()) block.add(model::Meta{"metrics", heading.metrics});
  block.add(model::Meta{"host", {heading.host}});
  block.add(model::Meta{"host_memory", {fixed(heading.host_memory.mebibytes(), 6)}});
  block.add(model::Meta{"page_size", {std::to_string(::sysconf(_SC_PAGESIZE))}});
  block.add(model::Meta{"start", {fixed(to_seconds(heading.start), 6)}});
  std::vector<std::string> roots;
  for (const pid_t pid : heading.roots) roots.push_back(std::to_string(pid));
  block.add(model::Meta{"root", std::move(roots)});
  block.add(model::Meta{"tree", {heading.tree}});
  block.add(model::Meta{"argv", std::move(argv)});
  if (more > 0) block.add(model::Meta{"argv_more", {std::to_string(more)}});
}

}  // namespace mprofpp::store
