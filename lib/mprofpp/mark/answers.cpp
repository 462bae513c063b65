#include "mprofpp/mark/answers.hpp"

namespace mprofpp::mark {

std::optional<std::size_t> Answers::add(std::uint64_t answer) {
  const auto address = answer & ~wire::wanted_bit;
  const auto most = address == answer ? wire::most_answers : wire::most_wanted;
  if (address == 0 || count_ >= most) return std::nullopt;
  if (!table_) table_ = std::make_unique<Table>();
  std::size_t place = wire::answer_place(address);
  while ((*table_)[place] != 0) {
    if (((*table_)[place] & ~wire::wanted_bit) == address) return std::nullopt;
    place = (place + 1) % wire::answer_slots;
  }
  (*table_)[place] = answer;
  ++count_;
  return place;
}

}  // namespace mprofpp::mark
