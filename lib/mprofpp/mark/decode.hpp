#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>

#include "mprofpp/base/result.hpp"
#include "mprofpp/wire/layout.hpp"
#include "mprofpp/wire/record.hpp"

/// What the bytes of a ring say. Pure functions: the bytes are a stranger's and may be anything.
namespace mprofpp::mark {

/// What a ring's heading says once and for all.
struct RingIdentity {
  std::uint32_t pid = 0;
  std::uint32_t writer = 0;
  std::uint64_t start = 0;
  std::uint64_t begun = 0;
  std::uint32_t segment = 0;
  std::uint32_t slots = 0;

  friend bool operator==(const RingIdentity&, const RingIdentity&) = default;
};
/// Errors: malformed when it is no ring of this version, or of a size that no writer makes.
Result<RingIdentity> parse_identity(std::span<const char> heading);

/// How far the writer is.
struct RingProgress {
  wire::State state = wire::State::live;
  std::uint64_t reserved = 0;
  bool closed = false;  ///< no slot will be reserved any more
  std::uint64_t dropped = 0;

  friend bool operator==(const RingProgress&, const RingProgress&) = default;
};
/// The part of a heading that parse_progress reads.
inline constexpr std::size_t progress_size =
    offsetof(wire::Heading, dropped) + sizeof(std::uint64_t);
/// Errors: malformed when the heading is cut short.
Result<RingProgress> parse_progress(std::span<const char> heading);

/// How many of the slots stand for records that are written whole, until the first that is not;
/// `first` is the number of the first one.
std::size_t count_committed(std::span<const char> slots, std::uint64_t first);
/// The opposite: how many at the beginning were reserved and never written.
std::size_t count_torn(std::span<const char> slots, std::uint64_t first);

using Record = std::variant<wire::Event, wire::Text, wire::Module>;

/// The record in a slot; nothing when it is none that we know.
std::optional<Record> decode(std::span<const char> slot);

}  // namespace mprofpp::mark
