#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/inspect/census.hpp"
#include "mprofpp/inspect/client.hpp"

/// The garbage collector of a Python program. Names come from the program and may contain anything.
namespace mprofpp::inspect {

/// The collections of one generation so far.
struct Generation {
  std::optional<std::uint64_t> threshold;
  std::optional<std::uint64_t>
      objects;  ///< allocated since its last collection, or collections below it
  std::uint64_t collections = 0;
  std::uint64_t collected = 0;
  std::uint64_t uncollectable = 0;
};

struct NamedCount {
  std::string name;
  std::uint64_t count = 0;

  friend bool operator==(const NamedCount&, const NamedCount&) = default;
};

/// The objects that a full collection would free.
struct Trial {
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  std::uint64_t uncollectable = 0;
  std::optional<double> seconds = {};  ///< how long it took to find out
  std::vector<TypeCount> types = {};
};

struct CollectorState {
  std::string python;
  bool is_enabled = true;
  std::vector<Generation> generations = {};
  std::optional<double> collection_seconds =
      {};                                ///< what all of them have taken; nothing if unknown
  std::vector<NamedCount> garbage = {};  ///< gc.garbage by type
  std::optional<std::uint64_t> frozen = {};
  std::vector<std::string> debug = {};  ///< the flags of gc.set_debug()
  std::vector<NamedCount> finalizers =
      {};  ///< classes with __del__, and the number of their objects
  std::uint64_t callbacks = 0;
  std::optional<Trial> trial = {};
  Duration held{};
};

enum class TrialCollection { left_out, made };

/// Parses the agent's answer to wire::door::collector_verb. The memory that it takes is limited, whatever the
/// text is. Errors: malformed.
Result<CollectorState> parse_collector(std::string_view json);

/// Reads the state of the collector. A trial collection finds out what a real one would free, and frees
/// nothing. Errors: those of take_census().
Result<CollectorState> read_collector(Client& client, TrialCollection trial, Duration patience);

}  // namespace mprofpp::inspect
