#include "mprofpp/inject/blocked.hpp"

#include <doctest/doctest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>

using namespace mprofpp::inject;

TEST_CASE("the system call in which a thread waits is read with its first argument and the stack") {
  const auto wait = parse_wait("202 0x7f01 0x189 0x0 0x0 0x0 0xffffffff 0x7ffc1234 0x7f5678\n");
  REQUIRE(wait);
  CHECK(wait->number == 202);
  CHECK(wait->first_argument == 0x7f01);
  CHECK(wait->stack == 0x7ffc1234);
}

TEST_CASE("a thread that runs, and text that makes no sense, is not a wait") {
  for (const std::string text : {"running", "", "-1 0x7ffc 0x7f", "202", "202 0x1 0x2",
                                 "202 1 2 3 4 5 6 7", "x 0x1 0x1 0x1"}) {
    CHECK_FALSE(parse_wait(text));
  }
}

TEST_CASE("both kinds of context switches are counted") {
  CHECK(parse_switches(
            "Name:\tx\nvoluntary_ctxt_switches:\t12\nnonvoluntary_ctxt_switches:\t30\n") == 42);
  CHECK(parse_switches("voluntary_ctxt_switches:\tx\n") == 0);
  CHECK(parse_switches("") == 0);
}

TEST_CASE("a call that reads is safe on a pipe and not on a file") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const auto read_from = [](int fd) { return Wait{SYS_read, static_cast<std::uint64_t>(fd), 0}; };
  CHECK(is_safe_wait(::getpid(), read_from(ends[0])));
  CHECK(is_safe_wait(::getpid(), Wait{SYS_epoll_wait, 0, 0}));
  CHECK_FALSE(is_safe_wait(::getpid(), read_from(-1)));
  CHECK_FALSE(is_safe_wait(::getpid(), Wait{SYS_openat, 0, 0}));
  CHECK_FALSE(is_safe_wait(::getpid(), Wait{SYS_futex, 0, 0}));
  ::close(ends[1]);
  ::close(ends[0]);
}
