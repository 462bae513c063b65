#include "mprofpp/inject/debug_offsets.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <map>
#include <random>
#include <string>

using namespace mprofpp;
using namespace mprofpp::inject;

namespace {

constexpr Address runtime = 0x1000;
constexpr Address interpreter = 0x10000;
constexpr Address thread = 0x20000;

/// The memory of a made-up interpreter of version 3.14.
class Interpreter : public Memory {
 public:
  Interpreter() {
    bytes_.assign(0x30000, '\0');
    std::memcpy(bytes_.data() + runtime, "xdebugpy", 8);
    set(runtime + 8, 0x030e02f0);
    set(runtime + 40, 808);     // interpreters_head
    set(runtime + 48, 20'000);  // size of an interpreter
    set(runtime + 80, 7360);    // threads_main
    set(runtime + 176, 832);    // size of a thread
    set(runtime + 712, 24);     // eval_breaker
    set(runtime + 720, 304);    // remote_debugger
    set(runtime + 728, 8076);   // is_enabled
    set(runtime + 736, 0);      // pending
    set(runtime + 744, 4);      // path
    set(runtime + 752, 512);    // size of the path
    set(runtime + 808, interpreter);
    set(interpreter + 7360, thread);
    set(interpreter + 8076, 1);
  }

  void set(Address at, std::uint64_t value) {
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }
  std::string& bytes() { return bytes_; }

  bool read(Address from, std::span<char> buffer) const override {
    if (from > bytes_.size() || bytes_.size() - from < buffer.size()) return false;
    std::memcpy(buffer.data(), bytes_.data() + from, buffer.size());
    return true;
  }

 private:
  std::string bytes_;
};

bool is_found(const Memory& memory) {
  const auto slot = find_script_slot(memory, runtime);
  return slot && slot->has_value();
}

}  // namespace

TEST_CASE("the place for a script is found through the table of offsets") {
  const auto slot = find_script_slot(Interpreter(), runtime);
  REQUIRE(slot);
  REQUIRE(slot->has_value());
  CHECK((*slot)->pending == thread + 304);
  CHECK((*slot)->path == thread + 308);
  CHECK((*slot)->path_size == 512);
  CHECK((*slot)->eval_breaker == thread + 24);
}

TEST_CASE("a program that forbids remote debugging is respected") {
  Interpreter memory;
  memory.set(interpreter + 8076, 0);
  const auto slot = find_script_slot(memory, runtime);
  REQUIRE_FALSE(slot);
  CHECK(slot.error().code == Errc::denied);
}

TEST_CASE("an unknown version, a missing thread and offsets that make no sense are not used") {
  const std::map<Address, std::uint64_t> changes = {
      {runtime, 0},          {runtime + 8, 0x030d00f0}, {runtime + 8, 0x031000f0},
      {runtime + 40, ~0ULL}, {runtime + 80, ~0ULL},     {runtime + 712, 832},
      {runtime + 720, 900},  {runtime + 728, 20'000},   {runtime + 736, ~0ULL},
      {runtime + 744, 832},  {runtime + 752, 3},        {runtime + 752, 1 << 20},
      {runtime + 808, 0},    {interpreter + 7360, 0}};
  for (const auto& [at, value] : changes) {
    Interpreter memory;
    memory.set(at, value);
    INFO("address: ", at);
    CHECK_FALSE(is_found(memory));
  }
}

TEST_CASE("damaged tables of offsets end the search, whatever they contain") {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same damage each time
  for (int round = 0; round < 2000; ++round) {
    Interpreter memory;
    auto& bytes = memory.bytes();
    for (int i = 0; i < 20; ++i) bytes[runtime + 16 + random() % 800] = static_cast<char>(random());
    (void)is_found(memory);
  }
}
