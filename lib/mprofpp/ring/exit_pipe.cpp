#include "mprofpp/ring/exit_pipe.hpp"

#include <unistd.h>

#include <array>
#include <cstring>
#include <utility>

namespace mprofpp::ring {

std::vector<wire::ExitRecord> ExitPipe::read(std::size_t most) {
  std::vector<wire::ExitRecord> records;
  while (records.size() < most) {
    if (const auto record = next())
      records.push_back(*record);
    else if (!read_bytes())
      break;
  }
  has_more_ = records.size() == most;
  return records;
}

bool ExitPipe::read_bytes() {
  bytes_.erase(0, std::exchange(used_, 0));
  std::array<char, 64 * sizeof(wire::ExitRecord)> room;
  const auto got = ::read(pipe_, room.data(), room.size());
  if (got <= 0) return false;
  bytes_.append(room.data(), static_cast<std::size_t>(got));
  return true;
}

/// Each report is written in one piece. Anything else that a process has written is skipped byte by byte.
std::optional<wire::ExitRecord> ExitPipe::next() {
  wire::ExitRecord record;
  for (; bytes_.size() - used_ >= sizeof record; ++used_) {
    std::memcpy(&record, bytes_.data() + used_, sizeof record);
    if (record.stamp != wire::stamp) continue;
    used_ += sizeof record;
    return record;
  }
  return std::nullopt;
}

}  // namespace mprofpp::ring
