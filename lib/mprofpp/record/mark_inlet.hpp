#pragma once

#include <optional>
#include <vector>

#include "mprofpp/launch/environment.hpp"
#include "mprofpp/mark/new_rings.hpp"
#include "mprofpp/mark/run_folder.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/python/unmarked.hpp"
#include "mprofpp/record/options.hpp"

namespace mprofpp::record {

/// Where the marks of a run come in.
struct MarkInlet {
  mark::RunFolder folder;
  mark::NewRings rings;
};

/// An inlet, or why there is none: a program is recorded without marks too. Neither where no marks are
/// wanted.
struct MarkAccess {
  std::optional<MarkInlet> inlet;
  std::optional<python::Unavailable> refusal;
};

/// Opens an inlet and adds to the program's environment what makes it tell of its marks.
MarkAccess open_mark_inlet(const std::optional<MarkOptions>& options,
                           launch::Environment& environment);

/// What the heading tells of marks: whatever is not as it is by default.
std::vector<model::Meta> mark_settings(const MarkOptions& options);

}  // namespace mprofpp::record
