#include <string.h>

#include "core/calls.hpp"
#include "core/freestanding.hpp"

/// The functions that mprofpp.h calls. There a Place is a `struct mprofpp_place`; header_contract.cpp
/// checks that both have the same layout.

using mprofpp::agent::Place;

namespace {

mprofpp::wire::TextView view_of(const char* text) {
  return {text, strlen(text)};
}

}  // namespace

MPROFPP_EXPORT void mprofpp_agent_enter_place(Place* place) {
  mprofpp::agent::enter(*place);
}

MPROFPP_EXPORT void mprofpp_agent_leave_place(Place* place) {
  mprofpp::agent::leave(*place);
}

MPROFPP_EXPORT void mprofpp_agent_enter(const char* name) {
  mprofpp::agent::enter(view_of(name));
}

MPROFPP_EXPORT void mprofpp_agent_leave(const char* name) {
  mprofpp::agent::leave(view_of(name));
}

MPROFPP_EXPORT void mprofpp_agent_mark(const char* text) {
  mprofpp::agent::mark(view_of(text));
}
