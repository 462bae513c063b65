#pragma once

#include <cstdint>

#include "mprofpp/wire/record.hpp"
#include "mprofpp/wire/writer.hpp"

/// Marks as the program makes them. All of it may be called from any thread and from signal
/// handlers, is cheap when nobody listens, and keeps errno.
namespace mprofpp::agent {

/// A place in the source that has a name; the program keeps it.
struct Place {
  const char* name;
  std::uint64_t id;
  std::uint32_t generation;  ///< of the ring that has been told the name
  std::uint32_t flags;       ///< wire::signature or none
};

void enter(Place& place);
void leave(Place& place);

class Visit;
/// Sees to it that place.id is one that the recorder knows.
void tell_name(Visit& visit, Place& place);

/// The same for names made at run time.
void enter(wire::Span name);
void leave(wire::Span name);

/// The same for functions that are known by their address.
void enter_function(std::uint64_t address);
void leave_function(std::uint64_t address);

/// A point in time.
void mark(wire::Span text);

}  // namespace mprofpp::agent
