#pragma once

#include "core/thread.hpp"
#include "python/line_stacks.hpp"

/// The memory of the process at the events of lines, in bytes. Everything here requires the interpreter's
/// lock.
namespace mprofpp::agent::python {

/// Must be called once, before everything else here.
void prepare_line_readings();
/// Closes what the readings have opened.
void end_line_readings();

/// Returns true if the largest memory during each line is measured.
bool has_line_peaks();
/// Returns true if a line may start with a reading that is a few microseconds old.
bool may_reuse_readings();

/// Reads the memory now. If peaks are measured, the kernel is made to forget its high-water mark. What that
/// was until now belongs to `call`, which may be null.
std::uint64_t exact_reading(LineCall* call);
/// Returns the memory at `time`, which is now, or shortly before.
std::uint64_t recent_reading(Thread& thread, std::uint64_t time);

}  // namespace mprofpp::agent::python
