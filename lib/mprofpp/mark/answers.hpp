#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "mprofpp/wire/answers.hpp"

namespace mprofpp::mark {

/// The recorder's copy of a table of functions that nobody wants to see, or that somebody does
/// (wire::AnswerTable): what the process's own says may have been changed by the process.
class Answers {
 public:
  /// Where in the table the answer is to be written, an address with or without wire::wanted_bit;
  /// nothing when the function stands there already, or when the table is full enough.
  std::optional<std::size_t> add(std::uint64_t answer);
  std::uint32_t count() const { return count_; }

 private:
  using Table = std::array<std::uint64_t, wire::answer_slots>;
  std::unique_ptr<Table> table_;  ///< most processes mute nothing
  std::uint32_t count_ = 0;
};

}  // namespace mprofpp::mark
