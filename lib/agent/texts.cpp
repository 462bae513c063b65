#include "texts.hpp"

#include "mprofpp/wire/text_id.hpp"

namespace mprofpp::agent {

std::uint64_t Texts::tell(wire::Writer& writer, std::uint32_t generation, wire::Span text) {
  const auto id = wire::id_of(text);
  const auto key = id ^ (std::uint64_t{generation} << 32);
  auto& told = told_[id % slots];
  if (told.load(std::memory_order_relaxed) == key) return id;
  if (writer.write_text(id, text)) told.store(key, std::memory_order_relaxed);
  return id;
}

}  // namespace mprofpp::agent
