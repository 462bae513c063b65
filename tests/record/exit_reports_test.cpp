#include "mprofpp/record/marks/exit_reports.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "mprofpp/base/fd.hpp"
#include "mprofpp/store/lines.hpp"
#include "support/child.hpp"

using namespace mprofpp;
using namespace mprofpp::record;
using test::Child;
using wire::ExitRecord;

namespace {

constexpr std::uint32_t mebibyte = 1 << 20;

/// A recording of a child of this test, with a pipe into which the test writes reports.
class Fixture {
 public:
  explicit Fixture(Children children = Children::apart) {
    options_.children = children;
    int ends[2];
    REQUIRE(::pipe2(ends, O_NONBLOCK) == 0);
    out_ = Fd(ends[0]);
    in_ = Fd(ends[1]);
    reports_.emplace(
        out_.get(),
        ExitReports::Context{clock_, options_, sampler_, peaks_, lines_, [this](pid_t pid) {
                               return options_.children != Children::left_out || pid == root.pid();
                             }});
    sampler_.tick(clock_.now(), proc::Scope::tree);
  }

  void report(pid_t pid, pid_t parent, std::uint64_t mib,
              ExitRecord::Why why = ExitRecord::Why::exit) {
    ExitRecord record{};
    record.stamp = wire::stamp;
    record.pid = static_cast<std::uint32_t>(pid);
    record.parent = static_cast<std::uint32_t>(parent);
    record.why = why;
    record.begun = record.time = 5'000'000'000;
    std::strcpy(record.name, "short one");
    record.peak_rss = mib * mebibyte;
    record.peak_vms = 2 * mib * mebibyte;
    REQUIRE(::write(in_.get(), &record, sizeof record) == static_cast<ssize_t>(sizeof record));
  }
  void take(Duration interval = std::chrono::seconds(1)) {
    reports_->take({}, clock_.now(), interval);
  }
  std::string text() const { return std::string(lines_.text()); }
  const proc::Member& sampled() const { return sampler_.members().front(); }

  const Child root;
  ExitReports& reports() { return *reports_; }
  KernelPeaks& peaks() { return peaks_; }
  proc::Sampler& sampler() { return sampler_; }
  const store::Lines& lines() const { return lines_; }
  /// A pid that is newer than any pid that was looked at.
  static constexpr pid_t new_pid = 1 << 22;

 private:
  Options options_;
  Clock clock_;
  proc::Sampler sampler_{proc::Roots{{root.pid()}, ::getpid()}, {}};
  store::Lines lines_;
  KernelPeaks peaks_{lines_};
  Fd out_;
  Fd in_;
  std::optional<ExitReports> reports_;
};

std::ptrdiff_t lines_in(const std::string& text, const std::string& kind) {
  std::ptrdiff_t lines = 0;
  for (std::size_t at = 0; (at = text.find(kind + " ", at)) != std::string::npos; ++at) {
    if (at == 0 || text[at - 1] == '\n') ++lines;
  }
  return lines;
}

}  // namespace

TEST_CASE("a report provides the name, the peak and the exit of a process that no sample saw") {
  Fixture fixture;
  fixture.report(Fixture::new_pid, fixture.root.pid(), 60);
  fixture.take();
  const auto text = fixture.text();
  CHECK(text.starts_with("PROC 4194304 "));
  CHECK(text.find(" " + std::to_string(fixture.root.pid()) + " ") != std::string::npos);
  CHECK(text.find(" short%20one -\n") != std::string::npos);
  CHECK(text.find("PEAK 4194304 60.000000 hwm vms=120.000000\n") != std::string::npos);
  CHECK(lines_in(text, "EXIT") == 1);
  CHECK(fixture.reports().any_was_unsampled());
  CHECK(fixture.peaks().highest() == Bytes(60 * mebibyte));
  CHECK(fixture.reports().has_written(Fixture::new_pid));
}

TEST_CASE("a process that reports twice is written once") {
  Fixture fixture;
  fixture.report(Fixture::new_pid, fixture.root.pid(), 60);
  fixture.report(Fixture::new_pid, fixture.root.pid(), 60);
  fixture.take();
  fixture.report(Fixture::new_pid, fixture.root.pid(), 60);
  fixture.take();
  CHECK(lines_in(fixture.text(), "PROC") == 1);
}

TEST_CASE("a report raises the peak of a sampled process and provides its last name") {
  Fixture fixture;
  const auto& root = fixture.sampled();
  fixture.report(root.id.pid, root.parent, 700);
  fixture.take();
  CHECK(fixture.peaks().of(root.id.pid) == Bytes(700 * mebibyte));
  CHECK_FALSE(fixture.reports().any_was_unsampled());
  CHECK(fixture.text().starts_with("PROC " + std::to_string(root.id.pid) + " " +
                                   std::to_string(root.id.start) + " "));
  CHECK(lines_in(fixture.text(), "EXIT") == 0);
}

TEST_CASE(
    "a report with a sampled pid but another parent is ignored, it is from another pid namespace") {
  Fixture fixture;
  const auto& root = fixture.sampled();
  fixture.report(root.id.pid, root.parent + 1, 700);
  fixture.take();
  CHECK(fixture.lines().empty());
  CHECK(fixture.peaks().of(root.id.pid) == Bytes{});
}

TEST_CASE("the peak that an unsampled process had before an exec counts for it") {
  Fixture fixture;
  fixture.report(Fixture::new_pid, fixture.root.pid(), 60, ExitRecord::Why::exec);
  fixture.take();
  CHECK(fixture.lines().empty());
  fixture.report(Fixture::new_pid, fixture.root.pid(), 10);
  fixture.take();
  CHECK(fixture.text().find("PEAK 4194304 60.000000 hwm vms=120.000000\n") != std::string::npos);
}

TEST_CASE("a report with the pid of a process outside of the tree is ignored") {
  Fixture fixture;
  fixture.report(::getpid(), ::getppid(), 60);
  fixture.take();
  CHECK(fixture.lines().empty());
  CHECK_FALSE(fixture.reports().any_was_unsampled());
}

TEST_CASE("excluded children get no lines, but the peak of the largest is known") {
  Fixture fixture(Children::left_out);
  fixture.report(Fixture::new_pid, fixture.root.pid(), 60);
  fixture.report(Fixture::new_pid + 1, fixture.root.pid(), 20);
  fixture.take();
  CHECK(fixture.lines().empty());
  CHECK(fixture.reports().largest_left_out() == Bytes(60 * mebibyte));
}

TEST_CASE("the number of reports taken at once is limited, and none is lost") {
  Fixture fixture;
  constexpr pid_t count = 200;
  for (pid_t i = 0; i < count; ++i) fixture.report(Fixture::new_pid + i, fixture.root.pid(), 1);
  fixture.take(std::chrono::milliseconds(1));
  CHECK(fixture.reports().has_more());
  CHECK(lines_in(fixture.text(), "PROC") < count);
  while (fixture.reports().has_more()) fixture.take(std::chrono::milliseconds(1));
  CHECK(lines_in(fixture.text(), "PROC") == count);
}

TEST_CASE("reports with impossible numbers are ignored") {
  Fixture fixture;
  fixture.report(Fixture::new_pid, fixture.root.pid(), std::uint64_t{1} << 43);
  fixture.report(0, 1, 1);
  fixture.report(-3, 1, 1);
  fixture.take();
  CHECK(fixture.lines().empty());
  fixture.report(Fixture::new_pid, fixture.root.pid(), 1);
  fixture.take();
  CHECK(lines_in(fixture.text(), "PROC") == 1);
}
