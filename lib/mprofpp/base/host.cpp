#include "mprofpp/base/host.hpp"

#include <unistd.h>

#include <array>

namespace mprofpp {

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

Bytes host_memory() {
  const auto pages = ::sysconf(_SC_PHYS_PAGES);
  return pages < 0 ? Bytes{} : Bytes(std::int64_t{pages} * ::sysconf(_SC_PAGESIZE));
}

Bytes page_size() {
  return Bytes(::sysconf(_SC_PAGESIZE));
}

}  // namespace mprofpp
