#pragma once

#include <optional>
#include <vector>

#include "mprofpp/analysis/object_curves.hpp"
#include "mprofpp/leak/finding.hpp"

namespace mprofpp::leak {

/// The types of Python objects whose floors rise with the leak, from OBJ records: those that added most
/// bytes, and those of the program's own classes that added most objects.
class TypeEvidence : public Evidence {
 public:
  using Evidence::take;
  void take(const model::Process& process) override { fold_.take(process); }
  void take(const model::ObjectCount& objects) override { fold_.take(objects); }

  std::vector<Finding> findings(const LeakPlace& leak) const override;

 private:
  analysis::ObjectCurvesFold fold_;
};

/// Returns how a type grows during a leak; nothing if its floors do not rise. `censuses` is what was counted
/// in its process.
std::optional<Finding> growth_of_type(const std::string& type, const analysis::ObjectCurve& curve,
                                      const analysis::ProcessObjects& censuses,
                                      const LeakPlace& leak);

}  // namespace mprofpp::leak
