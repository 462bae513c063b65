#pragma once

namespace mprofpp::agent::door {

/// Unmaps the memory that the block describes (wire::door::scratch_name), if it does.
void unmap_scratch(const char* block);

}  // namespace mprofpp::agent::door
