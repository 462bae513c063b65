#pragma once

#include <string>
#include <vector>

namespace mprofpp::proc {

/// Returns the script or module that an interpreter runs, as written in its command line:
/// "app/service.py" of `python3 -u app/service.py --port 80`, "http.server" of
/// `python3 -m http.server`. Empty for other programs, and if the code comes from the command line
/// itself (-c, -e) or from stdin.
std::string script_of(const std::vector<std::string>& arguments);

}  // namespace mprofpp::proc
