#include <string.h>

#include "calls.hpp"
#include "export.hpp"

/// What mprofpp.h and mprofpp's Python package call. The layout of Place is that of `struct
/// mprofpp_place` there.

using mprofpp::agent::Place;

namespace {

mprofpp::wire::Span span_of(const char* text) {
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
  mprofpp::agent::enter(span_of(name));
}

MPROFPP_EXPORT void mprofpp_agent_leave(const char* name) {
  mprofpp::agent::leave(span_of(name));
}

MPROFPP_EXPORT void mprofpp_agent_mark(const char* text) {
  mprofpp::agent::mark(span_of(text));
}
