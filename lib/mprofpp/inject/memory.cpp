#include "mprofpp/inject/memory.hpp"

#include <sys/uio.h>

#include <algorithm>

namespace mprofpp::inject {

std::string Memory::text_at(Address from, std::size_t limit) const {
  std::string text;
  for (char c = 0; text.size() < limit && read(from + text.size(), std::span(&c, 1)) && c != 0;) {
    text += c;
  }
  return text;
}

bool ProcessMemory::read(Address from, std::span<char> buffer) const {
  const iovec here{buffer.data(), buffer.size()};
  const iovec there{reinterpret_cast<void*>(from),
                    buffer.size()};  // NOLINT(performance-no-int-to-ptr)
  return ::process_vm_readv(pid_, &here, 1, &there, 1, 0) == static_cast<ssize_t>(buffer.size());
}

bool ProcessMemory::write(Address to, std::span<const char> bytes) const {
  const iovec here{const_cast<char*>(bytes.data()), bytes.size()};
  const iovec there{reinterpret_cast<void*>(to),
                    bytes.size()};  // NOLINT(performance-no-int-to-ptr)
  return ::process_vm_writev(pid_, &here, 1, &there, 1, 0) == static_cast<ssize_t>(bytes.size());
}

}  // namespace mprofpp::inject
