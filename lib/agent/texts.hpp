#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/writer.hpp"

namespace mprofpp::agent {

/// Which texts the recorder has been told lately. Forgetting one costs telling it again.
class Texts {
 public:
  constexpr Texts() = default;

  /// Tells the recorder of ring number `generation` the text, unless it knows it. Answers its id.
  std::uint64_t tell(wire::Writer& writer, std::uint32_t generation, wire::Span text);

 private:
  static constexpr std::size_t slots = 1024;

  std::atomic<std::uint64_t> told_[slots] = {};  ///< id and generation in one
};

}  // namespace mprofpp::agent
