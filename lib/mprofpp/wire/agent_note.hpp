#pragma once

#include <cstdint>

#include "mprofpp/wire/layout.hpp"

namespace mprofpp::wire {

/// An ELF note in the agent's file, by which a recorder recognises the agent of its own build.
struct AgentNote {
  std::uint32_t name_size = sizeof name;
  std::uint32_t content_size = sizeof content;
  std::uint32_t type = 1;
  char name[8] = "mprofpp";
  std::uint32_t content = stamp;
};

}  // namespace mprofpp::wire
