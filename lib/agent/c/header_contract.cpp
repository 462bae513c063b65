#include <cstddef>
#include <type_traits>

#include "core/calls.hpp"
#include "mprofpp.h"

/// Compares what programs compile from mprofpp.h with what the agent assumes. This is a source of its
/// own because mprofpp.h declares the entry points with the types of C.

namespace mprofpp::agent {
namespace {

static_assert(sizeof(mprofpp_place) == sizeof(Place) && alignof(mprofpp_place) == alignof(Place));
static_assert(std::is_standard_layout_v<Place> && std::is_trivially_copyable_v<Place>);
static_assert(offsetof(mprofpp_place, name) == offsetof(Place, name));
static_assert(offsetof(mprofpp_place, id) == offsetof(Place, id));
static_assert(offsetof(mprofpp_place, generation) == offsetof(Place, generation));
static_assert(offsetof(mprofpp_place, flags) == offsetof(Place, flags));
static_assert(sizeof(mprofpp_place::id) == sizeof(Place::id));
static_assert(sizeof(mprofpp_place::generation) == sizeof(Place::generation));
static_assert(sizeof(mprofpp_place::flags) == sizeof(Place::flags));

static_assert(MPROFPP_SIGNATURE == wire::signature);

// the length at which mprofpp.h promises to cut names
static_assert(wire::Writer::longest_text == 1000);

}  // namespace
}  // namespace mprofpp::agent
