#pragma once

#include <cstdint>

#include "mprofpp/wire/record.hpp"
#include "mprofpp/wire/writer.hpp"

/// The marks that the program makes. Every function here may be called from any thread and from
/// signal handlers, costs little when no recorder listens, and preserves errno.
namespace mprofpp::agent {

/// A named place in the source code. The object belongs to the program.
struct Place {
  const char* name;
  std::uint64_t id;
  std::uint32_t generation;  ///< the ring that has the name; see Process::generation()
  std::uint32_t flags;       ///< wire::signature or 0
};

/// Starts a call that is named by a place.
void enter(Place& place);
/// Ends the innermost open call of that name, and the calls within it that have not ended.
void leave(Place& place);

class AgentCall;
/// Makes sure that the current ring has the name of the place, and sets place.id.
void write_name(AgentCall& agent, Place& place);

/// Do the same for a name that is built at run time.
void enter(wire::TextView name);
void leave(wire::TextView name);

/// Do the same for a function that is identified by its address.
void enter_function(std::uint64_t address);
void leave_function(std::uint64_t address);

/// Marks a point in time.
void mark(wire::TextView text);

}  // namespace mprofpp::agent
