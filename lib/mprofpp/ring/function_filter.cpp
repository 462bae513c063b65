#include "mprofpp/ring/function_filter.hpp"

namespace mprofpp::ring {

std::optional<std::size_t> FunctionFilter::add(std::uint64_t entry) {
  const auto address = entry & ~wire::wanted_bit;
  const auto most = address == entry ? wire::most_filter_entries : wire::most_wanted_entries;
  if (address == 0 || count_ >= most) return std::nullopt;
  if (!entries_) entries_ = std::make_unique<Entries>();
  std::size_t place = wire::filter_place(address);
  while ((*entries_)[place] != 0) {
    if (((*entries_)[place] & ~wire::wanted_bit) == address) return std::nullopt;
    place = (place + 1) % wire::filter_slots;
  }
  (*entries_)[place] = entry;
  ++count_;
  return place;
}

}  // namespace mprofpp::ring
