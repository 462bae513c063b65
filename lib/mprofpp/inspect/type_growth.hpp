#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mprofpp/inspect/census.hpp"

/// The growth between two censuses of a process. Nothing stands for what nobody can know.
namespace mprofpp::inspect {

struct TypeGrowth {
  TypeCount now;
  std::optional<std::int64_t> count;  ///< how many objects more; nothing if unknown
  std::optional<std::int64_t> bytes;

  friend bool operator==(const TypeGrowth&, const TypeGrowth&) = default;
};

/// Returns the types of `now`, and those of which no object is left: first those that have grown, by bytes,
/// and then the others, the largest first. A type that an incomplete census left out has an unknown growth.
/// `before` is null if there is no earlier census.
std::vector<TypeGrowth> type_growths(const Census& now, const Census* before);

struct ContainerGrowth {
  Container now;
  std::optional<std::uint64_t> length_before;  ///< nothing if unknown, or if the container is new
  /// If it was too short for the earlier list: how long it was at most.
  std::optional<std::uint64_t> most_before = {};

  /// Returns how much it has grown, at least.
  std::int64_t growth() const;

  friend bool operator==(const ContainerGrowth&, const ContainerGrowth&) = default;
};

/// Returns the containers of `now`: first those that have grown, by length, and then the longest.
std::vector<ContainerGrowth> container_growths(const Census& now, const Census* before);

/// Returns how much larger `now` is.
std::int64_t growth_between(std::uint64_t before, std::uint64_t now);

}  // namespace mprofpp::inspect
