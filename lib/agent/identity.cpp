#include "mprofpp/wire/agent_note.hpp"

namespace {

// The name of the section makes this an ELF note. Notes are aligned like the numbers in them (4
// bytes), and the attribute keeps the optimizer from aligning this one more strictly.
[[gnu::section(".note.mprofpp"), gnu::aligned(4),
  gnu::used]] constexpr mprofpp::wire::AgentNote note;

}  // namespace
