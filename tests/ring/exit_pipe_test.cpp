#include "mprofpp/ring/exit_pipe.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "mprofpp/base/fd.hpp"

using namespace mprofpp;
using ring::ExitPipe;
using wire::ExitRecord;

namespace {

struct Pipe {
  Pipe() {
    int ends[2];
    REQUIRE(::pipe2(ends, O_NONBLOCK) == 0);
    out = Fd(ends[0]);
    in = Fd(ends[1]);
  }
  template <class T>
  void write(const T& what) const {
    REQUIRE(::write(in.get(), &what, sizeof what) == static_cast<ssize_t>(sizeof what));
  }

  Fd out;
  Fd in;
};

ExitRecord record_of(std::uint32_t pid) {
  ExitRecord record{};
  record.stamp = wire::stamp;
  record.pid = pid;
  return record;
}

}  // namespace

TEST_CASE("reports are read in the order in which they were written, a limited number at a time") {
  const Pipe pipe;
  ExitPipe reports(pipe.out.get());
  CHECK(reports.read(10).empty());
  CHECK_FALSE(reports.has_more());
  for (std::uint32_t pid = 1; pid <= 200; ++pid) pipe.write(record_of(pid));
  const auto first = reports.read(150);
  REQUIRE(first.size() == 150);
  CHECK(first.back().pid == 150);
  CHECK(reports.has_more());
  const auto rest = reports.read(150);
  REQUIRE(rest.size() == 50);
  CHECK(rest.front().pid == 151);
  CHECK_FALSE(reports.has_more());
}

TEST_CASE("bytes that are not a report are skipped, and the next report after them is found") {
  const Pipe pipe;
  ExitPipe reports(pipe.out.get());
  const char noise[13] = "no report at";
  pipe.write(noise);
  pipe.write(record_of(7));
  auto foreign = record_of(8);
  foreign.stamp ^= 1;
  pipe.write(foreign);
  pipe.write(record_of(9));
  const auto found = reports.read(10);
  REQUIRE(found.size() == 2);
  CHECK(found.front().pid == 7);
  CHECK(found.back().pid == 9);
}

TEST_CASE("a partial report is read once it is complete") {
  const Pipe pipe;
  ExitPipe reports(pipe.out.get());
  const auto record = record_of(7);
  const auto* bytes = reinterpret_cast<const char*>(&record);
  REQUIRE(::write(pipe.in.get(), bytes, 20) == 20);
  CHECK(reports.read(10).empty());
  REQUIRE(::write(pipe.in.get(), bytes + 20, sizeof record - 20) > 0);
  CHECK(reports.read(10).size() == 1);
}
