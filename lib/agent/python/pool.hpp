#pragma once

#include <sys/mman.h>

#include <cstddef>

#include "core/freestanding.hpp"
#include "core/process.hpp"

namespace mprofpp::agent::python {

/// Items that are taken and given back again and again. They have a pointer `below` to another item, which
/// is the pool's while the item is not taken; everything else stays as it was. The memory is mapped whole,
/// so that it does not count as the program's own growth. Requires the interpreter's lock.
template <class Item>
class Pool {
 public:
  constexpr Pool() = default;

  /// Returns null if there is no memory. An item that was never taken is all zeros but for `below`.
  Item* take() {
    if (free_ == nullptr && !map()) return nullptr;
    auto* const taken = free_;
    free_ = taken->below;
    return taken;
  }

  void give_back(Item* item) {
    item->below = free_;
    free_ = item;
  }

 private:
  bool map() {
    constexpr std::size_t size = 32 << 10;
    const KeepErrno keep_errno;
    void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED) return false;
    process().lines().add_memory(size);
    auto* const made = static_cast<Item*>(memory);
    for (std::size_t i = 0; i < size / sizeof(Item); ++i) give_back(&made[i]);
    return true;
  }

  Item* free_ = nullptr;
};

}  // namespace mprofpp::agent::python
