#include "mprofpp/leak/finding.hpp"

#include <algorithm>

#include "mprofpp/analysis/line_tables.hpp"
#include "mprofpp/leak/type_evidence.hpp"

namespace mprofpp::leak {
namespace {

/// The lines of Python functions that added most, from LINE records.
class LineEvidence : public Evidence {
 public:
  using Evidence::take;
  void take(const model::Process& process) override { fold_.take(process); }
  void take(const model::Line& line) override { fold_.take(line); }

  std::vector<Finding> findings(const LeakPlace& leak) const override {
    std::vector<Finding> found;
    for (const auto& table : fold_.tables(analysis::LineGrouping::per_process)) {
      if (leak.pid && table.pid != leak.pid) continue;
      for (const auto& row : table.rows) {
        if (row.increment_mib < least_mib) continue;
        found.push_back({"line",
                         table.file + ":" + std::to_string(row.line) + " in " + table.function,
                         row.increment_mib, row.count});
      }
    }
    std::sort(found.begin(), found.end(),
              [](const Finding& left, const Finding& right) { return left.mib > right.mib; });
    if (found.size() > most_lines) found.resize(most_lines);
    return found;
  }

 private:
  static constexpr double least_mib = 0.0625;
  static constexpr std::size_t most_lines = 3;

  analysis::LineTablesFold fold_;
};

}  // namespace

std::vector<std::unique_ptr<Evidence>> all_evidence() {
  std::vector<std::unique_ptr<Evidence>> all;
  all.push_back(std::make_unique<LineEvidence>());
  all.push_back(std::make_unique<TypeEvidence>());
  return all;
}

}  // namespace mprofpp::leak
