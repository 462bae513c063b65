#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "mprofpp/base/bytes.hpp"
#include "mprofpp/base/instant.hpp"
#include "mprofpp/store/block.hpp"

namespace mprofpp::store {

/// What a recording says about itself before its first sample.
struct Heading {
  std::vector<std::string> argv;  ///< the exact words of the command
  std::vector<pid_t> roots;       ///< whose memory MEM measures, alone or with their trees
  std::string version;            ///< of the recorder
  std::string host;
  Bytes host_memory;
  std::string metric = "rss";        ///< rss, pss or uss
  std::vector<std::string> metrics;  ///< recorded beside it
  std::string tree;                  ///< "C", "M", "CM"; empty when children are left out
  Duration interval{};
  Instant start;
};

/// CMDLINE for people and mprof, META for programs. Of a command line over 8 KiB the first words.
void add_heading(Block& block, const Heading& heading);

/// META interval: in the heading, and again where the interval changes.
model::Meta interval_setting(Duration interval);

}  // namespace mprofpp::store
