#include "python/suspended.hpp"

#include <sys/mman.h>

#include "keep_errno.hpp"

namespace mprofpp::agent::python {
namespace {

constexpr std::size_t first_capacity = 256;

}  // namespace

/// Where an owner's entry is, or the free place where it would be.
std::size_t Suspended::place_of(std::uint64_t owner) const {
  auto i = (owner * 0x9E3779B97F4A7C15ULL >> 20) & (capacity_ - 1);
  while (entries_[i].is_used() && entries_[i].frame.owner != owner) i = (i + 1) & (capacity_ - 1);
  return i;
}

Suspended::Entry* Suspended::find(std::uint64_t owner) {
  if (count_ == 0) return nullptr;
  auto& entry = entries_[place_of(owner)];
  return entry.is_used() ? &entry : nullptr;
}

Suspended::Entry* Suspended::put(const Frame& frame) {
  if (2 * (count_ + 1) > capacity_ && !grow()) return nullptr;
  auto& entry = entries_[place_of(frame.owner)];
  if (!entry.is_used()) ++count_;
  entry.frame = frame;
  return &entry;
}

/// Moves up those behind it that had to make way.
void Suspended::erase(Entry& entry) {
  auto hole = static_cast<std::size_t>(&entry - entries_);
  entry = Entry{};
  --count_;
  for (auto i = (hole + 1) & (capacity_ - 1); entries_[i].is_used();
       i = (i + 1) & (capacity_ - 1)) {
    const Entry moved = entries_[i];
    entries_[i] = Entry{};
    entries_[place_of(moved.frame.owner)] = moved;
  }
}

bool Suspended::grow() {
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
    if (old[i].is_used()) entries_[place_of(old[i].frame.owner)] = old[i];
  }
  if (old != nullptr) ::munmap(old, old_capacity * sizeof(Entry));
  return true;
}

}  // namespace mprofpp::agent::python
