#include "mprofpp/wire/agent_note.hpp"

namespace {

// The section's name makes it a note of the file; notes are aligned like their numbers, and no
// optimizer may do better.
[[gnu::section(".note.mprofpp"), gnu::aligned(4),
  gnu::used]] constexpr mprofpp::wire::AgentNote note;

}  // namespace
