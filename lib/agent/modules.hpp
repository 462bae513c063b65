#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "mprofpp/wire/writer.hpp"

namespace mprofpp::agent {

/// The files of code that the recorder has been told of: it needs them to name addresses, and the
/// process may be gone when it gets to that.
class Modules {
 public:
  constexpr Modules() = default;

  /// Sees to it that the recorder knows the file in which `address` lies, if it lies in one.
  void tell_of(std::uint64_t address, wire::Writer& writer, std::uint32_t generation) {
    if (generation_.load(std::memory_order_acquire) != generation || !is_known(address)) {
      tell_all(writer, generation);
    }
  }

 private:
  static constexpr std::size_t most = 256;

  struct Range {
    std::atomic<std::uint64_t> begin;
    std::atomic<std::uint64_t> end;
  };

  bool is_known(std::uint64_t address) const;
  void tell_all(wire::Writer& writer, std::uint32_t generation);

  Range ranges_[most] = {};
  std::atomic<std::size_t> count_ = 0;
  std::atomic<std::uint32_t> generation_ = 0;
  std::atomic<std::uint64_t> next_look_ = 0;
  std::atomic<bool> is_looking_ = false;
};

}  // namespace mprofpp::agent
