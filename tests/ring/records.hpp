#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "mprofpp/wire/layout.hpp"
#include "mprofpp/wire/record.hpp"

/// Records and rings as processes write them, and invalid ones.
namespace mprofpp::test {

inline wire::Event event(wire::Kind kind, std::uint64_t call, std::uint64_t microseconds) {
  wire::Event made{};
  made.kind = kind;
  made.thread = 7;
  made.time = microseconds * 1000;
  made.call = call;
  made.rss = 1 << 20;
  return made;
}

inline wire::Event enter(std::uint64_t call, std::uint64_t microseconds, std::uint64_t what = 1) {
  auto made = event(wire::Kind::enter, call, microseconds);
  made.what = what;
  return made;
}

inline wire::Event leave(std::uint64_t call, std::uint64_t microseconds) {
  return event(wire::Kind::leave, call, microseconds);
}

inline wire::Text text(std::uint64_t id, std::string_view bytes, bool is_last = true) {
  wire::Text made{};
  made.kind = wire::Kind::text;
  made.id = id;
  made.is_last = is_last;
  made.length = static_cast<std::uint16_t>(bytes.size());
  std::memcpy(made.bytes, bytes.data(), bytes.size());
  return made;
}

/// The bytes of a slot.
template <class R>
std::string slot(std::uint64_t sequence, const R& record) {
  std::string bytes(sizeof(wire::Slot), '\0');
  std::memcpy(bytes.data(), &sequence, sizeof sequence);
  std::memcpy(bytes.data() + sizeof sequence, &record, sizeof record);
  return bytes;
}

template <class T>
void put(std::string& bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

/// The header of a ring as a process with pid 42 writes it.
inline std::string header(std::uint32_t slots = 64) {
  using wire::RingHeader;
  std::string bytes(sizeof(RingHeader), '\0');
  put(bytes, offsetof(RingHeader, magic), wire::magic);
  put(bytes, offsetof(RingHeader, stamp), wire::stamp);
  put(bytes, offsetof(RingHeader, slots), slots);
  put(bytes, offsetof(RingHeader, pid), std::uint32_t{42});
  put(bytes, offsetof(RingHeader, writer), std::uint32_t{42});
  put(bytes, offsetof(RingHeader, start), std::uint64_t{1000});
  put(bytes, offsetof(RingHeader, begun), std::uint64_t{2000});
  return bytes;
}

}  // namespace mprofpp::test
