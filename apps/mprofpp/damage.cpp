#include "damage.hpp"

namespace mprofpp::app {

std::string damage_text(const std::string& file, std::uint64_t lines, const model::Damage& first) {
  const std::string where = "line " + std::to_string(first.line) + ": " + first.reason;
  if (lines == 1) return file + ": skipped 1 damaged line (" + where + ")";
  return file + ": skipped " + std::to_string(lines) + " damaged lines (the first, " + where + ")";
}

}  // namespace mprofpp::app
