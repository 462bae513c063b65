#include "core/modules.hpp"

#include <link.h>
#include <string.h>
#include <unistd.h>

#include "core/freestanding.hpp"
#include "mprofpp/wire/text_id.hpp"

namespace mprofpp::agent {
namespace {

// The least time between two searches: code without a file (of a JIT compiler) would cause one at
// every call.
constexpr std::uint64_t look_gap = 10'000'000;  // ns

struct Found {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// Returns the range of the object's executable segments.
Found code_of(const dl_phdr_info& info) {
  Found found;
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& header = info.dlpi_phdr[i];
    if (header.p_type != PT_LOAD || (header.p_flags & PF_X) == 0) continue;
    const auto begin = info.dlpi_addr + header.p_vaddr;
    if (found.end == 0 || begin < found.begin) found.begin = begin;
    if (begin + header.p_memsz > found.end) found.end = begin + header.p_memsz;
  }
  return found;
}

/// Returns the path of the object. The entry of the executable itself has no name.
wire::TextView path_of(const dl_phdr_info& info, char (&own)[4096]) {
  if (info.dlpi_name != nullptr && *info.dlpi_name != '\0') {
    return {info.dlpi_name, strlen(info.dlpi_name)};
  }
  const auto length = ::readlink("/proc/self/exe", own, sizeof own);
  return {own, length > 0 ? static_cast<std::size_t>(length) : 0};
}

}  // namespace

bool Modules::is_known(std::uint64_t address) const {
  const auto count = count_.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < count; ++i) {
    const auto begin = ranges_[i].begin.load(std::memory_order_relaxed);
    if (address >= begin && address < ranges_[i].end.load(std::memory_order_relaxed)) return true;
  }
  return false;
}

[[gnu::noinline]] void Modules::write_all(wire::Writer& writer, std::uint32_t generation) {
  const KeepErrno keep_errno;
  const auto now = monotonic_now();
  const bool is_new = generation_.load(std::memory_order_relaxed) != generation;
  if (!is_new && now < next_look_.load(std::memory_order_relaxed)) return;
  if (is_looking_.exchange(true, std::memory_order_acquire)) return;
  next_look_.store(now + look_gap, std::memory_order_relaxed);
  count_.store(0, std::memory_order_relaxed);

  struct Walk {
    Modules& self;
    wire::Writer& writer;
  } walk{*this, writer};
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* data) {
        auto& [self, ring] = *static_cast<Walk*>(data);
        const auto code = code_of(*info);
        char own[4096];
        const auto path = path_of(*info, own);
        if (code.end == 0 || path.length == 0) return 0;
        const auto id = wire::id_of(path);
        if (!ring.write_text(id, path)) return 1;
        const bool is_written = ring.write(wire::Module{.kind = wire::Kind::module,
                                                        .unused = {},
                                                        .path = id,
                                                        .bias = info->dlpi_addr,
                                                        .begin = code.begin,
                                                        .end = code.end,
                                                        .unused_too = {}});
        const auto i = self.count_.load(std::memory_order_relaxed);
        if (!is_written || i == most) return 1;
        self.ranges_[i].begin.store(code.begin, std::memory_order_relaxed);
        self.ranges_[i].end.store(code.end, std::memory_order_relaxed);
        self.count_.store(i + 1, std::memory_order_release);
        return 0;
      },
      &walk);
  generation_.store(generation, std::memory_order_release);
  is_looking_.store(false, std::memory_order_release);
}

}  // namespace mprofpp::agent
