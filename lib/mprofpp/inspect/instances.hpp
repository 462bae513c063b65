#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/inspect/client.hpp"

/// The objects of a type. Texts come from the program and may contain anything.
namespace mprofpp::inspect {

struct Instance {
  std::string address;  ///< "0x7f12…"
  std::uint64_t size = 0;
  std::optional<std::uint64_t> length;  ///< of a container or text
  std::optional<std::string> value;  ///< a short text; nothing if only code of the program knows it

  friend bool operator==(const Instance&, const Instance&) = default;
};

/// A type that has the wanted name. Several may have it.
struct TypeInstances {
  std::string type;
  std::string address;  ///< of the type
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  bool is_lower_bound =
      false;  ///< `bytes` and the sizes are: the type's own `__sizeof__` was not run
  std::vector<Instance> largest = {};
  std::vector<std::string> addresses = {};  ///< of all its objects, if they were asked for
};

struct Instances {
  std::string python;
  std::vector<TypeInstances> types = {};
  std::vector<std::string> near = {};  ///< if no type has the name: names of types that are similar
  Duration held{};
};

enum class Addresses { left_out, listed };

struct InstancesOptions {
  std::string type;
  std::size_t count = 20;  ///< the number of objects to list, the largest first
  bool runs_code = false;  ///< run the program's own __repr__
  Addresses addresses = Addresses::left_out;
  Duration patience{};
};

inline constexpr std::size_t most_instances = 1'000'000;

/// Parses the agent's answer to wire::door::instances_verb. The memory that it takes is limited, whatever the
/// text is. Errors: malformed.
Result<Instances> parse_instances(std::string_view json);

/// Lists the largest objects of a type. Errors: those of take_census().
Result<Instances> find_instances(Client& client, const InstancesOptions& options);

}  // namespace mprofpp::inspect
