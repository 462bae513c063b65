#pragma once

#include <cstddef>
#include <cstdint>

#include "frames.hpp"
#include "python/api.hpp"

namespace mprofpp::agent::python {

/// The calls of generators and coroutines that have been suspended at least once, by their owner.
/// Only for who has the interpreter's lock.
class Suspended {
 public:
  struct Entry {
    Frame frame = {};         ///< as it was when suspended last
    Object* watch = nullptr;  ///< a weak reference that tells of the generator's end
    bool is_running = false;
    bool is_used() const { return frame.owner != 0; }
  };

  constexpr Suspended() = default;

  Entry* find(std::uint64_t owner);
  /// An entry of that owner, the one there is or a new one; null when there is no memory.
  Entry* put(const Frame& frame);
  void erase(Entry& entry);

 private:
  std::size_t place_of(std::uint64_t owner) const;
  bool grow();

  Entry* entries_ = nullptr;
  std::size_t capacity_ = 0;  ///< a power of two
  std::size_t count_ = 0;
};

}  // namespace mprofpp::agent::python
