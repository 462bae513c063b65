#pragma once

namespace mprofpp::agent::door {

/// Returns the value of a name in a block of texts NAME=value that each end with a zero byte, the last
/// of which is empty; null if it is not there.
const char* value_in(const char* block, const char* name);

/// Unmaps the memory that the block describes (wire::door::scratch_name), if it does.
void unmap_scratch(const char* block);

}  // namespace mprofpp::agent::door
