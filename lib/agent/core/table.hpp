#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>

#include "core/freestanding.hpp"

namespace mprofpp::agent {

/// A hash table of entries, which have a `key`: a number that is not zero. Entries move when others
/// are added or erased. The table maps memory of its own, at the first entry. Requires Python's
/// lock.
template <class Entry>
class Table {
 public:
  constexpr Table() = default;

  /// Returns null if there is no such entry.
  Entry* find(std::uint64_t key) {
    if (count_ == 0) return nullptr;
    auto& entry = entries_[place_of(key)];
    return entry.key == 0 ? nullptr : &entry;
  }

  /// Returns the entry of that key, which may be new; null if there is no memory.
  Entry* put(std::uint64_t key) {
    if (2 * (count_ + 1) > capacity_ && !grow()) return nullptr;
    auto& entry = entries_[place_of(key)];
    if (entry.key == 0) ++count_;
    entry.key = key;
    return &entry;
  }

  std::size_t size() const { return count_; }
  /// Returns the bytes of memory that the table has.
  std::size_t bytes() const { return capacity_ * sizeof(Entry); }

  /// Calls a function with each entry, in no particular order.
  template <class Take>
  void for_each(const Take& take) {
    for (std::size_t i = 0; i < capacity_; ++i) {
      if (entries_[i].key != 0) take(entries_[i]);
    }
  }

  /// Erases all entries and unmaps the memory.
  void clear() {
    if (entries_ != nullptr) ::munmap(entries_, capacity_ * sizeof(Entry));
    *this = Table();
  }

  /// Erases an entry. The entries after it that had to make way for it move up.
  void erase(Entry& entry) {
    auto hole = static_cast<std::size_t>(&entry - entries_);
    entry = Entry{};
    --count_;
    for (auto i = next(hole); entries_[i].key != 0; i = next(i)) {
      const Entry moved = entries_[i];
      entries_[i] = Entry{};
      entries_[place_of(moved.key)] = moved;
    }
  }

 private:
  static constexpr std::size_t first_capacity = 256;

  std::size_t next(std::size_t i) const { return (i + 1) & (capacity_ - 1); }

  /// Returns the place of a key's entry, or the free place where it would be.
  std::size_t place_of(std::uint64_t key) const {
    auto i = (key * 0x9E3779B97F4A7C15ULL >> 20) & (capacity_ - 1);
    while (entries_[i].key != 0 && entries_[i].key != key) i = next(i);
    return i;
  }

  bool grow() {
    const KeepErrno keep_errno;
    const auto old_capacity = capacity_;
    auto* const old = entries_;
    const auto capacity = old_capacity == 0 ? first_capacity : 2 * old_capacity;
    void* memory = ::mmap(nullptr, capacity * sizeof(Entry), PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return false;
    entries_ = static_cast<Entry*>(memory);
    capacity_ = capacity;
    for (std::size_t i = 0; i < old_capacity; ++i) {
      if (old[i].key != 0) entries_[place_of(old[i].key)] = old[i];
    }
    if (old != nullptr) ::munmap(old, old_capacity * sizeof(Entry));
    return true;
  }

  Entry* entries_ = nullptr;
  std::size_t capacity_ = 0;  ///< a power of two
  std::size_t count_ = 0;
};

}  // namespace mprofpp::agent
