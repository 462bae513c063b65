#include "python/c_stack.hpp"

#include <pthread.h>
#include <sys/resource.h>

#include <cstdint>

#include "core/freestanding.hpp"
#include "core/loaded_object.hpp"

namespace mprofpp::agent::python {
namespace {

/// Addresses below this one are in the lower half of the stack; 0 if it was not looked up yet.
constinit thread_local std::uintptr_t middle = 0;

__attribute__((always_inline)) inline std::uintptr_t here() {
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

/// Returns the highest address of the first thread's stack, as noted by the dynamic linker.
std::uintptr_t end_of_first() {
  auto* const end = static_cast<void**>(find_loaded("__libc_stack_end"));
  return end == nullptr ? here() : reinterpret_cast<std::uintptr_t>(*end);
}

/// Returns the size to which the stack of the first thread can grow. To ask libc for it would mean
/// reading a file.
std::uintptr_t size_of_first() {
  constexpr std::uintptr_t unlimited = 8 << 20;
  rlimit limit;
  const bool has_limit = ::getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  return has_limit ? limit.rlim_cur : unlimited;
}

std::uintptr_t middle_of_other() {
  // Up to 2.33 glibc had these in libpthread, which is loaded if there are threads.
  auto* const get = find_function<decltype(::pthread_getattr_np)>("pthread_getattr_np");
  auto* const get_stack = find_function<decltype(::pthread_attr_getstack)>("pthread_attr_getstack");
  pthread_attr_t attributes;
  void* lowest = nullptr;
  std::size_t size = 0;
  if (get == nullptr || get_stack == nullptr) return 1;
  if (get(::pthread_self(), &attributes) != 0) return 1;
  get_stack(&attributes, &lowest, &size);
  ::pthread_attr_destroy(&attributes);
  return reinterpret_cast<std::uintptr_t>(lowest) + size / 2;
}

std::uintptr_t find_middle() {
  const KeepErrno keep_errno;
  const auto end = end_of_first();
  const auto size = size_of_first();
  const bool is_first = here() <= end && here() > end - size;
  return is_first ? end - size / 2 : middle_of_other();
}

}  // namespace

bool is_stack_scarce() {
  if (middle == 0) middle = find_middle();
  return here() < middle;
}

}  // namespace mprofpp::agent::python
