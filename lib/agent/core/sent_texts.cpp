#include "core/sent_texts.hpp"

#include "mprofpp/wire/text_id.hpp"

namespace mprofpp::agent {

std::uint64_t SentTexts::write(wire::Writer& writer, std::uint32_t generation,
                               wire::TextView text) {
  const auto id = wire::id_of(text);
  const auto key = id ^ (std::uint64_t{generation} << 32);
  auto& sent = sent_[id % slots];
  if (sent.load(std::memory_order_relaxed) == key) return id;
  if (writer.write_text(id, text)) sent.store(key, std::memory_order_relaxed);
  return id;
}

}  // namespace mprofpp::agent
