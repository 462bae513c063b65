#include "mprofpp/proc/parse.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace mprofpp;
using namespace mprofpp::proc;

namespace {

// as captured, with a name as ugly as a name can be
constexpr std::string_view stat_text =
    "4242 (a) b (c) S 4200 4242 4242 34816 4242 4194304 905 77 3 2 11 12 13 14 20 0 5 0 269036 "
    "8605696 930 18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

constexpr std::string_view status_text =
    "Name:\tgunicorn: \\\\o/\\nx\n"
    "Umask:\t0022\n"
    "State:\tS (sleeping)\n"
    "Tgid:\t4242\n"
    "Pid:\t4243\n"
    "VmPeak:\t   99999 kB\n"
    "VmHWM:\t   34016 kB\n"
    "VmSize:\t   99000 kB\n"
    "VmRSS:\t   33000 kB\n"
    "RssAnon:\t   20000 kB\n"
    "RssFile:\t   12000 kB\n"
    "RssShmem:\t    1000 kB\n"
    "VmSwap:\t     512 kB\n"
    "Threads:\t5\n";

}  // namespace

TEST_CASE("a name with spaces and parentheses does not shift the fields of stat") {
  const auto stat = parse_stat(stat_text).value();
  CHECK(stat.pid == 4242);
  CHECK(stat.name == "a) b (c");
  CHECK(stat.state == 'S');
  CHECK(stat.parent == 4200);
  CHECK(stat.child_minor_faults == 77);
  CHECK(stat.child_major_faults == 2);
  CHECK(stat.threads == 5);
  CHECK(stat.start == 269036);
}

TEST_CASE("a stat cut at any byte is read in full or refused, never read in part") {
  const auto whole = parse_stat(stat_text).value();
  for (std::size_t cut = 0; cut <= stat_text.size(); ++cut) {
    CAPTURE(cut);
    const auto stat = parse_stat(stat_text.substr(0, cut));
    if (stat)
      CHECK(*stat == whole);
    else
      CHECK(stat.error().code == Errc::malformed);
  }
}

TEST_CASE("the resident pages of statm are its second number") {
  CHECK(parse_resident_pages("2101 930 512 201 0 115 0\n").value() == 930);
  CHECK(parse_resident_pages("0 0 0 0 0 0 0\n").value() == 0);
}

TEST_CASE("the shape of a process is the size of all its memory and of its code") {
  CHECK(parse_shape("2101 930 512 201 0 115 0\n").value() == Shape{2101, 201});
  CHECK_FALSE(parse_shape("2101 930 512 20").has_value());
  CHECK_FALSE(parse_shape("").has_value());
}

TEST_CASE("the start of the stack is the 28th field of stat") {
  const std::string fields =
      " S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28";
  CHECK(parse_stack_start("7 (a) b (c)" + fields + " 29\n").value() == 28);
  CHECK_FALSE(parse_stack_start("7 (a) b (c)" + fields).has_value());
  CHECK_FALSE(parse_stack_start("7 (a").has_value());
}

TEST_CASE("a statm cut inside its second number is refused") {
  CHECK_FALSE(parse_resident_pages("2101 93").has_value());
  CHECK_FALSE(parse_resident_pages("2101").has_value());
  CHECK_FALSE(parse_resident_pages("").has_value());
  CHECK_FALSE(parse_resident_pages("a b c d").has_value());
}

TEST_CASE("status has name, thread group, threads and the high-water mark") {
  const auto status = parse_status(status_text).value();
  CHECK(status.name == "gunicorn: \\o/\nx");
  CHECK(status.thread_group == 4242);
  CHECK(status.threads == 5);
  CHECK(status.peak_rss == Bytes::from_kibibytes(34016));
}

TEST_CASE("status has the amounts that the kernel counts, with shared memory as part of file") {
  const auto status = parse_status(status_text).value();
  CHECK(status.peak_vms == Bytes::from_kibibytes(99999));
  CHECK(status.amounts[Metric::vms] == Bytes::from_kibibytes(99000));
  CHECK(status.amounts[Metric::rss] == Bytes::from_kibibytes(33000));
  CHECK(status.amounts[Metric::anon] == Bytes::from_kibibytes(20000));
  CHECK(status.amounts[Metric::file] == Bytes::from_kibibytes(13000));
  CHECK(status.amounts[Metric::swap] == Bytes::from_kibibytes(512));
}

TEST_CASE("the status of a zombie has no high-water mark, which is not an error") {
  const auto status = parse_status("Name:\tx\nTgid:\t7\nThreads:\t1\n").value();
  CHECK(status.peak_rss == Bytes{});
  CHECK(status.amounts == Amounts{});
}

TEST_CASE("a status cut at any byte is refused or has the whole high-water mark or none") {
  for (std::size_t cut = 0; cut <= status_text.size(); ++cut) {
    CAPTURE(cut);
    const auto status = parse_status(status_text.substr(0, cut));
    if (status)
      CHECK(status->peak_rss == Bytes::from_kibibytes(34016));
    else
      CHECK(status.error().code == Errc::malformed);
  }
}

TEST_CASE("the newest pid is the last number of loadavg") {
  CHECK(parse_newest_pid("0.47 0.14 0.04 1/77 3665\n").value() == 3665);
  CHECK_FALSE(parse_newest_pid("0.47 0.14 0.04 1/77 36").has_value());
  CHECK_FALSE(parse_newest_pid("").has_value());
}

TEST_CASE("children are a list of pids, each followed by a space") {
  CHECK(parse_children("12 13 4000000 ") == std::vector<pid_t>{12, 13, 4000000});
  CHECK(parse_children("").empty());
}

TEST_CASE("a child that is invisible in our pid namespace is left out") {
  CHECK(parse_children("0 12 0 ") == std::vector<pid_t>{12});
}

TEST_CASE("numbers that no memory can have are refused") {
  CHECK_FALSE(parse_resident_pages("1 -1 1").has_value());
  CHECK_FALSE(parse_resident_pages("1 9223372036854775807 1").has_value());
  CHECK_FALSE(parse_newest_pid("0 0 0 1/1 -1\n").has_value());
  constexpr std::string_view huge = "9223372036854775807 kB\n";
  const auto status = "Name:\tx\nTgid:\t7\nThreads:\t1\nVmHWM:\t" + std::string(huge);
  CHECK(parse_status(status).value().peak_rss == Bytes{});
  std::string rollup;
  for (const char* key : {"Rss: ", "Pss: ", "Private_Clean: ", "Private_Dirty: "}) {
    rollup += key + std::string(huge);
  }
  CHECK_FALSE(parse_rollup(rollup).has_value());
}

TEST_CASE(
    "a command line is its arguments joined by spaces, without leftovers of a renamed program") {
  using namespace std::string_view_literals;
  CHECK(parse_command("python3\0-m\0x y\0"sv) == "python3 -m x y");
  CHECK(parse_command("gunicorn: master [app:app]\0\0\0\0"sv) == "gunicorn: master [app:app]");
  CHECK(parse_command("") == "");
}

namespace {

constexpr std::string_view rollup_text =
    "55d0c0000000-7ffe00000000 ---p 00000000 00:00 0                          [rollup]\n"
    "Rss:                2264 kB\n"
    "Pss:                 801 kB\n"
    "Pss_Dirty:           180 kB\n"
    "Shared_Clean:       1904 kB\n"
    "Shared_Dirty:          0 kB\n"
    "Private_Clean:       180 kB\n"
    "Private_Dirty:       176 kB\n"
    "Swap:                  4 kB\n";

}  // namespace

TEST_CASE("uss is the private clean and the private dirty pages together") {
  const auto rollup = parse_rollup(rollup_text).value();
  CHECK(rollup[Metric::rss] == Bytes::from_kibibytes(2264));
  CHECK(rollup[Metric::pss] == Bytes::from_kibibytes(801));
  CHECK(rollup[Metric::uss] == Bytes::from_kibibytes(356));
}

TEST_CASE("a rollup cut at any byte is read in full or refused, never read in part") {
  const auto whole = parse_rollup(rollup_text).value();
  for (std::size_t cut = 0; cut <= rollup_text.size(); ++cut) {
    CAPTURE(cut);
    const auto rollup = parse_rollup(rollup_text.substr(0, cut));
    if (rollup)
      CHECK(*rollup == whole);
    else
      CHECK(rollup.error().code == Errc::malformed);
  }
}

TEST_CASE("the arguments of a command line keep their spaces and may be empty") {
  using namespace std::string_view_literals;
  CHECK(parse_arguments("sh\0-c\0a b\0"sv) == std::vector<std::string>{"sh", "-c", "a b"});
  CHECK(parse_arguments("printf\0%s\0\0x\0"sv) ==
        std::vector<std::string>{"printf", "%s", "", "x"});
  CHECK(parse_arguments("gunicorn: master\0\0\0\0"sv) ==
        std::vector<std::string>{"gunicorn: master"});
  CHECK(parse_arguments("").empty());
}

TEST_CASE("a variable is found by its whole name, and its first value counts") {
  using namespace std::string_view_literals;
  constexpr auto environment = "HOMEPAGE=/x\0HOME=/root\0EMPTY=\0NONE\0HOME=/other"sv;
  CHECK(variable_in(environment, "HOME") == "/root");
  CHECK(variable_in(environment, "EMPTY") == "");
  CHECK_FALSE(variable_in(environment, "NONE").has_value());
  CHECK_FALSE(variable_in(environment, "PAGE").has_value());
  CHECK_FALSE(variable_in("", "HOME").has_value());
}

TEST_CASE("the options of the last mount of /proc say whether it hides processes") {
  const std::string_view plain = "22 27 0:21 / /proc rw,relatime shared:5 - proc proc rw\n";
  const auto hiding = [](const std::string& value) {
    return "90 27 0:21 / /proc rw,relatime - proc proc rw,gid=4,hidepid=" + value + "\n";
  };
  CHECK_FALSE(hides_processes(""));
  CHECK_FALSE(hides_processes(plain));
  for (const auto* value : {"1", "2", "4", "noaccess", "invisible", "ptraceable"}) {
    CHECK(hides_processes(hiding(value)));
    CHECK(hides_processes(std::string(plain) + hiding(value)));
    CHECK_FALSE(hides_processes(hiding(value) + std::string(plain)));
  }
  CHECK_FALSE(hides_processes(hiding("0")));
  CHECK_FALSE(hides_processes(hiding("off")));
  CHECK_FALSE(hides_processes("90 27 0:21 / /srv/proc rw - proc proc rw,hidepid=2\n"));
  CHECK_FALSE(hides_processes("90 27 0:21 / /proc"));
}
