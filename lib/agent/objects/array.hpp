#pragma once

#include <sys/mman.h>

#include <cstddef>

#include "core/freestanding.hpp"

namespace mprofpp::agent::objects {

/// Items one after another, in memory of its own that grows. The memory is mapped, so that the program's
/// allocator does not notice.
template <class Item>
class Array {
 public:
  constexpr Array() = default;
  ~Array() { clear(); }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;

  std::size_t size() const { return size_; }
  Item* begin() { return items_; }
  Item* end() { return items_ + size_; }
  const Item* begin() const { return items_; }
  const Item* end() const { return items_ + size_; }
  Item& operator[](std::size_t i) { return items_[i]; }
  const Item& operator[](std::size_t i) const { return items_[i]; }

  /// Returns false if there is no memory.
  bool add(const Item& item) {
    if (size_ == room_ && !grow(size_ + 1)) return false;
    items_[size_++] = item;
    return true;
  }
  /// Adds items whose values are to be written. Returns null if there is no memory.
  Item* add_several(std::size_t count) {
    if (size_ + count > room_ && !grow(size_ + count)) return nullptr;
    Item* const added = items_ + size_;
    size_ += count;
    return added;
  }
  Item take_last() { return items_[--size_]; }
  void shorten(std::size_t size) { size_ = size; }

  void clear() {
    if (items_ != nullptr) ::munmap(items_, room_ * item_size);
    items_ = nullptr;
    size_ = room_ = 0;
  }

 private:
  static constexpr std::size_t item_size =
      sizeof(Item);  // NOLINT(bugprone-sizeof-expression): pointers

  bool grow(std::size_t least) {
    const KeepErrno keep_errno;
    constexpr std::size_t first = 4096 / item_size + 1;
    std::size_t room = room_ == 0 ? first : 2 * room_;
    while (room < least) room *= 2;
    void* const memory =
        items_ == nullptr ? ::mmap(nullptr, room * item_size, PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                          : ::mremap(items_, room_ * item_size, room * item_size, MREMAP_MAYMOVE);
    if (memory == MAP_FAILED) return false;
    items_ = static_cast<Item*>(memory);
    room_ = room;
    return true;
  }

  Item* items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t room_ = 0;
};

}  // namespace mprofpp::agent::objects
