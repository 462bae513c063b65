#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/inspect/client.hpp"

/// The holders of an object: chains of references that lead to it. Texts come from the program and may
/// contain anything.
namespace mprofpp::inspect {

/// An object on the way from a root to a target.
struct Step {
  std::string address;
  std::string type;
  std::optional<std::string> name;  ///< how people call it: "lru_cache of main.search"
  std::optional<std::string>
      via;  ///< how the object before it holds it: ".cache", "['key']", "[3]"

  friend bool operator==(const Step&, const Step&) = default;
};

struct Chain {
  std::string root;         ///< the kind of the first object: "module", "thread frame", "C"
  std::vector<Step> steps;  ///< from the root to the target, at least one

  friend bool operator==(const Chain&, const Chain&) = default;
};

enum class TargetState {
  held,         ///< there is at least one chain
  unreachable,  ///< only objects that nothing holds lead to it: the collector will free it
  gone,         ///< there is no object at the address
  not_found     ///< the expression means nothing
};

/// An object, and what holds it.
struct Target {
  std::string target;  ///< as it was asked for
  std::string address;
  std::string type;
  std::uint64_t size = 0;
  std::optional<std::string> value;
  std::optional<std::uint64_t> references;  ///< the reference count
  TargetState state = TargetState::held;
  std::vector<Chain> chains = {};  ///< the shortest first
  std::vector<std::pair<std::string, std::uint64_t>> holders =
      {};  ///< the number of direct holders by type
};

struct Holders {
  std::string python;
  std::uint64_t objects = 0;  ///< that were looked at
  std::uint64_t edges = 0;    ///< references between them
  std::vector<Target> targets = {};
  Duration held{};
};

struct HoldersOptions {
  std::vector<std::string> targets;  ///< addresses "0x7f12…" or expressions "main.cache['key']"
  std::size_t count = 3;             ///< chains to each target
  std::size_t depth = 20;            ///< the most steps of a chain
  Duration patience{};
};

inline constexpr std::size_t most_targets = 1000;
inline constexpr std::size_t most_steps = 1'000'000;  ///< of all chains

/// Parses the agent's answer to wire::door::holders_verb. The memory that it takes is limited, whatever the
/// text is. Errors: malformed.
Result<Holders> parse_holders(std::string_view json);

/// Finds the chains. Errors: those of take_census(); invalid_argument if a target contains a line feed.
Result<Holders> find_holders(Client& client, const HoldersOptions& options);

}  // namespace mprofpp::inspect
