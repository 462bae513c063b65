#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/writer.hpp"

namespace mprofpp::agent {

/// The code files that have been written to the ring, for the recorder. It needs them to turn addresses into
/// names, and the process may be gone by the time it does.
class Modules {
 public:
  constexpr Modules() = default;

  /// Makes sure that the recorder knows the code file that contains `address`, if there is one.
  void write_module_of(std::uint64_t address, wire::Writer& writer, std::uint32_t generation) {
    if (generation_.load(std::memory_order_acquire) != generation || !is_known(address)) {
      write_all(writer, generation);
    }
  }

 private:
  static constexpr std::size_t most = 256;

  struct Range {
    std::atomic<std::uint64_t> begin;
    std::atomic<std::uint64_t> end;
  };

  bool is_known(std::uint64_t address) const;
  void write_all(wire::Writer& writer, std::uint32_t generation);

  Range ranges_[most] = {};
  std::atomic<std::size_t> count_ = 0;
  std::atomic<std::uint32_t> generation_ = 0;
  std::atomic<std::uint64_t> next_look_ = 0;
  std::atomic<bool> is_looking_ = false;
};

}  // namespace mprofpp::agent
