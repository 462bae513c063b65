#pragma once

#include <optional>

#include "mprofpp/model/record.hpp"

namespace mprofpp::analysis {

/// Returns nothing for NaN, which a file has for a missing value.
std::optional<double> unless_nan(std::optional<double> value);

/// Return the memory of the call's own process in MiB, read when the call started and ended; nothing if it
/// was not read. `mib_in` and `mib_out` of a FUNC line are readings only in files of mprof, which name no
/// process. In our files they may be interpolated between two samples and say nothing about that moment.
std::optional<double> reading_in(const model::Call& call);
std::optional<double> reading_out(const model::Call& call);

/// Returns the seconds in which a coroutine or generator ran; nothing for a call that cannot be suspended.
std::optional<double> active_seconds(const model::Call& call);
/// Returns the seconds in which the call ran.
double seconds_inside(const model::Call& call);

/// Returns the MiB by which the call's process grew while the call ran; negative if it shrank. Nothing if the
/// memory was not read at both ends and, for a coroutine or generator, at its suspensions.
std::optional<double> growth_of(const model::Call& call);

}  // namespace mprofpp::analysis
