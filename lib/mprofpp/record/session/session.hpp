#pragma once

#include <vector>

#include <tl/expected.hpp>

#include "mprofpp/model/sink.hpp"
#include "mprofpp/record/listener.hpp"
#include "mprofpp/record/options.hpp"
#include "mprofpp/record/outcome.hpp"

namespace mprofpp::record {

/// Starts a program or attaches to processes, records until the end and returns the outcome. Blocks
/// until then. Signals sent to this process meanwhile are passed on to the program that it started;
/// if it attached, they end the recording. The records go to the file and to `sinks`.
tl::expected<Outcome, NotRecorded> record(const Options& options, Listener& listener,
                                          const std::vector<model::Sink*>& sinks = {});

}  // namespace mprofpp::record
