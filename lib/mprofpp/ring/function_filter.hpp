#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "mprofpp/wire/function_filter.hpp"

namespace mprofpp::ring {

/// The recorder's copy of a process's wire::FunctionFilter. The recorder does not read the filter of the
/// process, because the process may have changed it.
class FunctionFilter {
 public:
  /// Adds an entry, which is an address with or without wire::wanted_bit. Returns the place in the process's
  /// filter at which the entry must be written; nothing if the function has an entry already, or if the
  /// filter is full enough.
  std::optional<std::size_t> add(std::uint64_t entry);
  std::uint32_t count() const { return count_; }

 private:
  using Entries = std::array<std::uint64_t, wire::filter_slots>;
  std::unique_ptr<Entries> entries_;  ///< most processes need none
  std::uint32_t count_ = 0;
};

}  // namespace mprofpp::ring
