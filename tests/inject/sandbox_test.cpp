#include "mprofpp/inject/sandbox.hpp"

#include <doctest/doctest.h>
#include <linux/audit.h>
#include <sys/syscall.h>

#include <random>
#include <vector>

using namespace mprofpp::inject;

namespace {

using Filter = std::vector<sock_filter>;

constexpr std::uint32_t number = offsetof(seccomp_data, nr);

sock_filter statement(int code, std::uint32_t k) {
  return {static_cast<std::uint16_t>(code), 0, 0, k};
}
sock_filter jump(int code, std::uint32_t k, std::uint8_t yes, std::uint8_t no) {
  return {static_cast<std::uint16_t>(code), yes, no, k};
}
const auto load_number = statement(BPF_LD | BPF_W | BPF_ABS, number);
const auto allow = statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);

/// Allows everything but one system call.
Filter all_but(std::uint32_t call, std::uint32_t action) {
  return {load_number, jump(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
          statement(BPF_RET | BPF_K, action), allow};
}

std::uint32_t action(const Filter& filter, int call = 0) {
  seccomp_data data{};
  data.nr = call;
  data.args[0] = 0x123456789;
  return action_of(filter, data);
}

}  // namespace

TEST_CASE("a filter that allows everything, or answers with errors, is survived") {
  CHECK(is_survivable(Filter{allow}));
  CHECK(is_survivable(Filter{statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1)}));
  CHECK(is_survivable(all_but(SYS_memfd_create, SECCOMP_RET_ERRNO | 38)));
  CHECK(is_survivable(all_but(SYS_reboot, SECCOMP_RET_KILL_PROCESS)));
}

TEST_CASE("a filter that kills, traps or asks somebody for a call that is needed is not survived") {
  for (const auto deadly : {SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP,
                            SECCOMP_RET_TRACE, SECCOMP_RET_USER_NOTIF}) {
    for (const std::uint32_t call : {SYS_mmap, SYS_memfd_create, SYS_clone3, SYS_openat}) {
      CHECK_FALSE(is_survivable(all_but(call, deadly)));
    }
  }
}

TEST_CASE("filters compute with both registers and their memory") {
  const auto low = static_cast<std::uint32_t>(offsetof(seccomp_data, args));
  const Filter sum = {statement(BPF_LD | BPF_W | BPF_ABS, low),
                      statement(BPF_ST, 3),
                      statement(BPF_LD | BPF_W | BPF_ABS, low + 4),
                      statement(BPF_LDX | BPF_MEM, 3),
                      statement(BPF_ALU | BPF_ADD | BPF_X, 0),
                      statement(BPF_ALU | BPF_LSH | BPF_K, 4),
                      statement(BPF_MISC | BPF_TAX, 0),
                      statement(BPF_LD | BPF_IMM, 0),
                      statement(BPF_MISC | BPF_TXA, 0),
                      statement(BPF_RET | BPF_A, 0)};
  CHECK(action(sum) == 0x345678a0);
  CHECK(action({load_number, jump(BPF_JMP | BPF_JGT | BPF_K, 4, 1, 0),
                statement(BPF_RET | BPF_K, 1), statement(BPF_RET | BPF_K, 2)},
               5) == 2);
  CHECK(action({statement(BPF_JMP | BPF_JA, 1), statement(BPF_RET | BPF_K, 1),
                statement(BPF_RET | BPF_K, 2)}) == 2);
}

TEST_CASE("a filter that is not valid counts as deadly") {
  CHECK_FALSE(is_survivable(Filter{}));
  CHECK_FALSE(is_survivable(Filter{load_number}));
  CHECK_FALSE(is_survivable(Filter{statement(BPF_LD | BPF_W | BPF_ABS, 64), allow}));
  CHECK_FALSE(is_survivable(Filter{statement(BPF_LD | BPF_MEM, 16), allow}));
  CHECK_FALSE(is_survivable(Filter{statement(BPF_ST, 16), allow}));
  CHECK_FALSE(is_survivable(Filter{statement(BPF_ALU | BPF_DIV | BPF_K, 0), allow}));
  CHECK_FALSE(is_survivable(Filter{statement(BPF_JMP | BPF_JA, ~0U), allow}));
}

TEST_CASE("any filter gets an answer") {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same filters each time
  for (int round = 0; round < 20'000; ++round) {
    Filter filter(random() % 40);
    for (auto& each : filter) {
      each = {static_cast<std::uint16_t>(random() % 256), static_cast<std::uint8_t>(random() % 8),
              static_cast<std::uint8_t>(random() % 8), static_cast<std::uint32_t>(random() % 80)};
    }
    (void)is_survivable(filter);
  }
}
