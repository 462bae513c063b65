#include "mprofpp/store/header.hpp"

#include <string>
#include <utility>
#include <vector>

#include "mprofpp/dat/escape.hpp"
#include "mprofpp/dat/settings.hpp"

namespace mprofpp::store {
namespace {

/// A command line may have two million bytes.
constexpr std::size_t longest_command = 8 * 1024;

/// Returns the number of leading arguments that have at most `longest_command` bytes together.
std::size_t count_of_kept(const std::vector<std::string>& argv) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < argv.size(); ++i) {
    bytes += argv[i].size() + 1;
    if (bytes > longest_command) return i;
  }
  return argv.size();
}

}  // namespace

void write_header(model::Sink& sink, model::Settings settings) {
  auto& argv = settings.argv;
  const auto kept = count_of_kept(argv);
  if (kept < argv.size()) settings.argv_left_out = argv.size() - kept;
  argv.resize(kept);
  const auto* const ellipsis = settings.argv_left_out ? " …" : "";
  sink.take(model::CommandLine{dat::escape_formulas(dat::quote_arguments(argv)) + ellipsis});
  settings.format = dat::format;
  sink.take(settings);
}

}  // namespace mprofpp::store
