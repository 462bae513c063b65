#include "objects/numbering.hpp"

namespace mprofpp::agent::objects {

bool Numbering::make_slots(std::size_t count) {
  slots_.clear();
  if (slots_.add_several(count) == nullptr) return false;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    slots_[slot_of(blocks_[i].page)] = static_cast<std::uint32_t>(i + 1);
  }
  return true;
}

Numbering::Block* Numbering::block_for(std::uint64_t page) {
  if (last_ < blocks_.size() && blocks_[last_].page == page) return &blocks_[last_];
  constexpr std::size_t first_slots = 1024;
  const auto slots = slots_.size();
  const bool is_full = 2 * (blocks_.size() + 1) > slots;
  if (is_full && !make_slots(slots == 0 ? first_slots : 2 * slots)) return nullptr;
  auto& slot = slots_[slot_of(page)];
  if (slot == 0) {
    Block block{};
    block.page = page;
    if (!blocks_.add(block)) return nullptr;
    slot = static_cast<std::uint32_t>(blocks_.size());
  }
  last_ = slot - 1;
  return &blocks_[last_];
}

bool Numbering::add(const python::Object* object) {
  const auto place = Place::of(object);
  auto* const block = block_for(place.page);
  if (block == nullptr) return false;
  block->bits[place.word] |= std::uint64_t{1} << place.bit;
  return true;
}

void Numbering::number() {
  for (auto& block : blocks_) {
    block.first = count_;
    for (unsigned word = 0; word < words; ++word) {
      block.before[word] = static_cast<std::uint8_t>(count_ - block.first);
      count_ += count_bits(block.bits[word]);
    }
  }
}

python::Object* Numbering::object(std::uint32_t number) const {
  std::size_t begin = 0;
  for (auto end = blocks_.size(); end - begin > 1;) {
    const auto middle = begin + (end - begin) / 2;
    (blocks_[middle].first <= number ? begin : end) = middle;
  }
  const auto& block = blocks_[begin];
  auto left = number - block.first;
  unsigned word = words - 1;
  while (block.before[word] > left) --word;
  left -= block.before[word];
  auto bits = block.bits[word];
  for (; left > 0; --left) bits &= bits - 1;
  return block.object_at(word, bits);
}

}  // namespace mprofpp::agent::objects
