#include "frames.hpp"

#include <sys/mman.h>

#include "keep_errno.hpp"

namespace mprofpp::agent {

bool Frames::push(const Frame& frame) {
  const std::size_t i = depth_++;
  if (i >= capacity()) return false;
  at(i) = frame;
  return true;
}

void Frames::remove(std::size_t i) {
  for (; i + 1 < depth_; ++i) at(i) = at(i + 1);
  --depth_;
}

void Frames::make_room() {
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
