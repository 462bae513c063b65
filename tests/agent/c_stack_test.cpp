#include "python/c_stack.hpp"

#include <alloca.h>
#include <doctest/doctest.h>
#include <pthread.h>
#include <sys/resource.h>

#include <cstddef>

using mprofpp::agent::python::is_stack_scarce;

namespace {

/// Returns whether the stack is scarce in a call that uses that many bytes of it.
[[gnu::noinline]] bool is_scarce_below(std::size_t bytes) {
  auto* const used = static_cast<volatile char*>(alloca(bytes));
  used[0] = 1;
  return is_stack_scarce();
}

constexpr std::size_t stack_of_thread = 8 << 20;

void* ask_in_thread(void* share) {
  const auto percent = *static_cast<const std::size_t*>(share);
  return is_scarce_below(stack_of_thread / 100 * percent) ? share : nullptr;
}

bool is_scarce_in_thread(std::size_t percent) {
  pthread_attr_t attributes;
  REQUIRE(::pthread_attr_init(&attributes) == 0);
  REQUIRE(::pthread_attr_setstacksize(&attributes, stack_of_thread) == 0);
  pthread_t thread{};
  REQUIRE(::pthread_create(&thread, &attributes, ask_in_thread, &percent) == 0);
  void* answer = nullptr;
  REQUIRE(::pthread_join(thread, &answer) == 0);
  ::pthread_attr_destroy(&attributes);
  return answer != nullptr;
}

}  // namespace

TEST_CASE("the stack of the first thread is scarce when half of it is used") {
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_STACK, &limit) == 0);
  const std::size_t size = limit.rlim_cur == RLIM_INFINITY ? 8 << 20 : limit.rlim_cur;
  CHECK(!is_scarce_below(size / 4));
  CHECK(is_scarce_below(size / 4 * 3));
}

TEST_CASE("the stack of another thread is scarce when half of it is used") {
  CHECK(!is_scarce_in_thread(25));
  CHECK(is_scarce_in_thread(75));
}
