#include "python/line_activations.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "core/agent_call.hpp"
#include "recorded_process.hpp"
#include "running_lane.hpp"

using namespace mprofpp;
using namespace mprofpp::agent::python;
using agent::LineCounts;
using test::RecordedProcess;
using test::running_lane;

namespace {

constexpr std::size_t mebibyte = 1 << 20;

/// Memory that the process gains at once and gives back at once. It is mapped by system calls, because
/// ThreadSanitizer adds memory of its own to what a program maps or writes.
class Block {
 public:
  explicit Block(std::size_t size)
      : address_(::syscall(SYS_mmap, nullptr, size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0)),
        size_(size) {}
  ~Block() { ::syscall(SYS_munmap, address_, size_); }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

 private:
  long address_;
  std::size_t size_;
};

/// A function whose lines are counted, and calls of it.
class Function {
 public:
  explicit Function(const std::string& name)
      : counts_(*LineCounts::of({name.data(), name.size()}, {"app.py", 6}, 1, -1)) {}

  void begin(Owner owner, Suspends suspends = Suspends::never) {
    begin_lines(counts_, owner, this, LineRole::function, suspends);
  }
  std::uint64_t count(std::uint32_t line) { return counts_.entry(line)->count.load(); }
  /// Returns what a line has added, in MiB, rounded.
  std::int64_t added(std::uint32_t line) {
    const auto bytes = counts_.entry(line)->added.load();
    return (bytes + static_cast<std::int64_t>(mebibyte) / 2) / static_cast<std::int64_t>(mebibyte);
  }
  wire::FunctionBlock& block() { return *counts_.function(); }

 private:
  LineCounts& counts_;
};

const RecordedProcess::Variables counted{{wire::lines_variable, "exact"}};

void check(bool is_true) {
  if (!is_true) ::_exit(1);
}

/// Runs the body in a process whose lines are counted, and returns true if all its checks hold.
bool holds(void (*body)()) {
  return RecordedProcess([body](const std::string&) { body(); }, counted).has_exited();
}

}  // namespace

TEST_CASE("a line gets what is added until the next one starts") {
  CHECK(holds([] {
    Function f("f");
    f.begin(2);
    start_line_of_owner(2, 2);
    const Block block(3 * mebibyte);
    start_line_of_owner(2, 3);
    start_line_of_owner(2, 2);
    const Block more(2 * mebibyte);
    end_lines(2);
    check(f.count(2) == 2 && f.count(3) == 1 && f.added(2) == 5 && f.added(3) == 0);
    check(f.block().calls.load() == 1 && f.block().ended.load() == 1);
  }));
}

TEST_CASE("a call of the same function gets what it adds, and the line that has called does not") {
  CHECK(holds([] {
    Function f("f");
    f.begin(2);
    start_line_of_owner(2, 2);
    const Block before(mebibyte);
    f.begin(4);
    start_line_of_owner(4, 5);
    const Block within(4 * mebibyte);
    end_lines(4);
    const Block after(2 * mebibyte);
    end_lines(2);
    check(f.added(2) == 3 && f.added(5) == 4);
  }));
}

TEST_CASE("a line includes what a call of another function adds") {
  CHECK(holds([] {
    Function f("f"), g("g");
    f.begin(2);
    start_line_of_owner(2, 2);
    g.begin(4);
    start_line_of_owner(4, 5);
    const Block within(4 * mebibyte);
    end_lines(4);
    end_lines(2);
    check(f.added(2) == 4 && g.added(5) == 4);
  }));
}

TEST_CASE("nothing is counted for a call while it is suspended") {
  CHECK(holds([] {
    Function f("f");
    f.begin(2, Suspends::as_generator);
    start_line_of_owner(2, 2);
    const Block before(mebibyte);
    suspend_lines(2);
    check(are_lines_waiting(2) && !are_lines_running());
    const Block meanwhile(4 * mebibyte);
    start_line_of_owner(2, 3);
    check(resume_lines(2) && !are_lines_waiting(2));
    const Block after(2 * mebibyte);
    end_lines(2);
    check(f.added(2) == 3 && f.count(2) == 1 && f.count(3) == 0);
  }));
}

TEST_CASE("a suspended call that is not resumed ends") {
  CHECK(holds([] {
    Function f("f");
    f.begin(2, Suspends::as_generator);
    suspend_lines(2);
    abandon_lines(2);
    check(f.block().ended.load() == 1 && !resume_lines(2));
    f.begin(2, Suspends::as_generator);
    suspend_lines(2);
    f.begin(2, Suspends::as_generator);  // another generator at the same address
    check(f.block().ended.load() == 2 && !are_lines_waiting(2));
  }));
}

TEST_CASE("the calls of greenlets that take turns keep their own lines") {
  CHECK(holds([] {
    Function f("f");
    f.begin(2);
    start_line_of_owner(2, 2);
    running_lane().greenlet = 1;
    f.begin(4);
    start_line_of_owner(4, 5);
    running_lane().greenlet = 0;
    start_line_of_owner(2, 3);
    const Block block(2 * mebibyte);
    running_lane().greenlet = 1;
    end_lines(4);
    running_lane().greenlet = 0;
    end_lines(2);
    check(f.count(5) == 1 && f.count(3) == 1 && f.added(3) == 2);
    check(f.block().interleaved.load() == 2 && f.block().ended.load() == 2);
  }));
}

TEST_CASE("a call whose end was not reported ends with the call around it") {
  CHECK(holds([] {
    Function f("f"), g("g");
    f.begin(2);
    g.begin(4);
    end_lines(2);
    check(!are_lines_running() && f.block().ended.load() == 1 && g.block().ended.load() == 0);
  }));
}

TEST_CASE("a line of a call that is not known is ignored") {
  CHECK(holds([] {
    Function f("f");
    start_line_of_owner(6, 9);
    f.begin(2);
    start_line_of_owner(6, 9);
    end_lines(6);
    start_line_of_code(&f, 3);
    end_lines(2);
    check(f.count(9) == 0 && f.count(3) == 1);
  }));
}

// The next two take minutes if an event takes longer the more calls or greenlets there are.

TEST_CASE("a call takes no longer in a deep recursion of another function") {
  CHECK(holds([] {
    constexpr Owner depth = 100'000;
    Function f("f"), leaf("leaf");
    for (Owner i = 1; i <= depth; ++i) {
      f.begin(2 * i);
      leaf.begin(1);
      end_lines(1);
    }
    for (Owner i = depth; i >= 1; --i) {
      leaf.begin(1);
      end_lines(1);
      end_lines(2 * i);
    }
    check(f.block().ended.load() == depth && leaf.block().ended.load() == 2 * depth);
  }));
}

TEST_CASE("a turn of a greenlet takes no longer if thousands of others wait") {
  CHECK(holds([] {
    constexpr std::uint64_t greenlets = 40'000;
    constexpr std::uint32_t rounds = 5;
    Function f("f");
    const auto for_each = [](auto act) {
      for (std::uint64_t i = 1; i <= greenlets; ++i) {
        running_lane().greenlet = i;
        act(2 * i);
      }
    };
    for_each([&](Owner owner) { f.begin(owner); });
    for (std::uint32_t round = 1; round <= rounds; ++round) {
      for_each([&](Owner owner) { start_line_of_owner(owner, 1 + round); });
    }
    for_each([&](Owner owner) { end_lines(owner); });
    check(f.block().ended.load() == greenlets && f.block().interleaved.load() == greenlets);
    check(f.count(1 + rounds) == greenlets && !are_lines_running());
  }));
}

TEST_CASE("a line of a greenlet waits through any number of turns of others, and through its own") {
  CHECK(holds([] {
    Function f("f"), g("g");
    f.begin(2);
    start_line_of_owner(2, 2);
    g.begin(4);
    start_line_of_owner(4, 5);
    const Block before(mebibyte);
    for (std::uint64_t greenlet = 1; greenlet <= 3; ++greenlet) {
      running_lane().greenlet = greenlet;
      f.begin(100 * greenlet);
      start_line_of_owner(100 * greenlet, 9);
    }
    std::vector<std::unique_ptr<Block>> kept;
    for (int round = 0; round < 3; ++round) {
      for (std::uint64_t greenlet = 3; greenlet >= 1; --greenlet) {
        running_lane().greenlet = greenlet;
        start_line_of_owner(100 * greenlet, 10);
        kept.push_back(std::make_unique<Block>(greenlet * mebibyte));
        start_line_of_owner(100 * greenlet, 9);
      }
    }
    running_lane().greenlet = 0;
    start_line_of_owner(4, 6);
    const Block after(2 * mebibyte);
    end_lines(4);
    end_lines(2);
    check(g.added(5) == 1 && g.added(6) == 2 && f.added(2) == 3 && f.added(10) == 18);
  }));
}

TEST_CASE("the growth of a recursion is told apart in each greenlet") {
  CHECK(holds([] {
    Function f("f");
    f.begin(2);
    start_line_of_owner(2, 2);
    running_lane().greenlet = 1;
    f.begin(4);
    start_line_of_owner(4, 3);
    running_lane().greenlet = 0;
    f.begin(6);
    start_line_of_owner(6, 4);
    const Block within(3 * mebibyte);
    end_lines(6);
    const Block after(2 * mebibyte);
    end_lines(2);
    running_lane().greenlet = 1;
    end_lines(4);
    check(f.added(2) == 2 && f.added(3) == 0 && f.added(4) == 3);
  }));
}
