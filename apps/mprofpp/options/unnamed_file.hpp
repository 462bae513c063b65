#pragma once

#include "mprofpp/base/fd.hpp"
#include "mprofpp/base/result.hpp"

namespace mprofpp::app {

/// Opens a file without a name, which disappears with its last descriptor: in TMPDIR or the usual folders for
/// temporary files, because a recording may be larger than memory. If no folder allows that, the file is in
/// memory. The descriptor is closed on exec. Errors: io.
Result<Fd> open_unnamed_file();

/// Returns a path by which this process can open the file of a descriptor again.
std::string path_of_open(const Fd& fd);

}  // namespace mprofpp::app
