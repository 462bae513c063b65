#include "mprofpp/store/heading.hpp"

#include <unistd.h>

#include <utility>

#include "mprofpp/base/text.hpp"
#include "mprofpp/dat/escape.hpp"

namespace mprofpp::store {

void add_heading(Block& block, const Heading& heading) {
  block.add(model::CommandLine{dat::escape_formulas(dat::quote_words(heading.argv))});
  block.add(model::Meta{"format", {"1"}});
  block.add(model::Meta{"version", {heading.version}});
  block.add(model::Meta{"interval", {fixed(to_seconds(heading.interval), 6)}});
  block.add(model::Meta{"metric", {heading.metric}});
  block.add(model::Meta{"host", {heading.host}});
  block.add(model::Meta{"page_size", {std::to_string(::sysconf(_SC_PAGESIZE))}});
  block.add(model::Meta{"start", {fixed(to_seconds(heading.start), 6)}});
  std::vector<std::string> roots;
  for (const pid_t pid : heading.roots) roots.push_back(std::to_string(pid));
  block.add(model::Meta{"root", std::move(roots)});
  block.add(model::Meta{"tree", {heading.tree}});
  block.add(model::Meta{"argv", heading.argv});
}

}  // namespace mprofpp::store
