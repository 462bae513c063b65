#pragma once

namespace mprofpp::agent {

/// Returns the value of a name in a block of texts NAME=value that each end with a zero byte, the last of
/// which is empty; null if it is not there.
const char* value_in(const char* block, const char* name);

}  // namespace mprofpp::agent
