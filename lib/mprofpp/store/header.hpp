#pragma once

#include "mprofpp/model/sink.hpp"

namespace mprofpp::store {

/// Writes the header of a recording: CMDLINE for people and mprof, and `settings` for programs. If
/// a command line is longer than 8 KiB, only its first arguments are written, so that a reader
/// finds the whole header in the first 64 KiB. Sets the format; the caller sets everything else.
void write_header(model::Sink& sink, model::Settings settings);

}  // namespace mprofpp::store
