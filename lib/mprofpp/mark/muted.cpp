#include "mprofpp/mark/muted.hpp"

namespace mprofpp::mark {

std::optional<std::size_t> MutedFunctions::add(std::uint64_t address) {
  if (address == 0 || count_ == wire::most_muted) return std::nullopt;
  if (!table_) table_ = std::make_unique<Table>();
  std::size_t place = wire::mute_place(address);
  while ((*table_)[place] != 0) {
    if ((*table_)[place] == address) return std::nullopt;
    place = (place + 1) % wire::mute_slots;
  }
  (*table_)[place] = address;
  ++count_;
  return place;
}

}  // namespace mprofpp::mark
