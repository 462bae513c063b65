#include "mprofpp/proc/thread_state.hpp"

#include <doctest/doctest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>

using namespace mprofpp::proc;

TEST_CASE("a sleeping thread waits in the system call that it has made") {
  const auto call = [](long number) { return std::to_string(number) + " 0x4 0x7ffc 0x1\n"; };
  CHECK(thread_state_text('S', call(SYS_futex), "futex_wait_queue") == "waiting in futex");
  CHECK(thread_state_text('S', call(SYS_epoll_pwait), "") == "waiting in epoll_wait");
}

TEST_CASE("without the system call the kernel's function is shown") {
  CHECK(thread_state_text('S', "", "futex_wait_queue") == "waiting in futex_wait_queue");
  CHECK(thread_state_text('S', "99999 0x0", "x\x1b") == "waiting in x\\x1b");
  CHECK(thread_state_text('S', "", "0") == "waiting");
  CHECK(thread_state_text('S', "", "") == "waiting");
}

TEST_CASE("other states have words of their own") {
  CHECK(thread_state_text('R', "", "") == "running");
  CHECK(thread_state_text('S', "running\n", "0") == "running");
  CHECK(thread_state_text('D', "", "") == "waiting for a disk or a device");
  CHECK(thread_state_text('T', "", "") == "stopped by a signal");
  CHECK(thread_state_text('t', "", "") == "stopped by a debugger");
  CHECK(thread_state_text('Z', "", "").empty());
}

TEST_CASE("the thread that asks is running") {
  CHECK(read_thread_states(::getpid())[::gettid()] == "running");
}

TEST_CASE("a process that does not exist has no threads") {
  CHECK(read_thread_states(-1).empty());
}
