#include "core/frames.hpp"

#include <sys/mman.h>

#include <atomic>

#include "core/freestanding.hpp"

namespace mprofpp::agent {

bool Frames::push(const Frame& frame) {
  const bool is_kept = depth_ < capacity();
  if (is_kept) at(depth_) = frame;
  std::atomic_signal_fence(std::memory_order_release);  // see AgentCall::recover()
  ++depth_;
  return is_kept;
}

void Frames::remove(std::size_t i) {
  for (; i + 1 < depth_; ++i) at(i) = at(i + 1);
  --depth_;
}

[[gnu::noinline]] void Frames::make_room() {
  if (rest_ != nullptr) return;
  const KeepErrno keep_errno;
  void* memory = ::mmap(nullptr, many * sizeof(Frame), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory != MAP_FAILED) rest_ = static_cast<Frame*>(memory);
}

void Frames::release() {
  if (rest_ != nullptr) ::munmap(rest_, many * sizeof(Frame));
  rest_ = nullptr;
  depth_ = 0;
}

}  // namespace mprofpp::agent
