#include "options/recording_options.hpp"

#include <doctest/doctest.h>

#include "captured.hpp"

using namespace mprofpp;
using namespace mprofpp::app;
using namespace std::chrono_literals;
using Cause = record::NotRecorded::Cause;
using model::Children;
using model::Metric;

namespace {

Result<record::Options> options_of(const Arguments& arguments) {
  const test::Captured captured;
  return test::filled<RecordingOptions>(arguments).make(captured.console());
}

Error refused(const Arguments& arguments) {
  const auto options = options_of(arguments);
  REQUIRE_FALSE(options.has_value());
  CHECK(options.error().code == Errc::invalid_argument);
  return options.error();
}

std::string notes_of(const Arguments& arguments) {
  const test::Captured captured;
  (void)test::filled<RecordingOptions>(arguments).make(captured.console());
  return captured.err();
}

}  // namespace

TEST_CASE("without options the RSS of the process is recorded ten times a second") {
  const auto options = options_of({}).value();
  CHECK(options.interval == 100ms);
  CHECK(options.metric == Metric::rss);
  CHECK(options.metrics.empty());
  CHECK(options.children == Children::left_out);
  CHECK(options.titles == record::Titles::left_out);
  CHECK(options.overwrite == store::Overwrite::no);
  CHECK_FALSE(options.timeout.has_value());
  CHECK_FALSE(options.max_size.has_value());
  CHECK_FALSE(options.descriptor.has_value());
}

TEST_CASE("each option of a recording changes what it names") {
  const auto options = options_of({"--interval=2s", "--backend=pss", "--timeout=90s",
                                   "--max-size=1MiB", "--force", "--span-titles"})
                           .value();
  CHECK(options.interval == 2s);
  CHECK(options.metric == Metric::pss);
  CHECK(options.timeout == 90s);
  CHECK(options.max_size == Bytes::from_mebibytes(1));
  CHECK(options.overwrite == store::Overwrite::yes);
  CHECK(options.titles == record::Titles::recorded);
}

TEST_CASE("-C sums the children, -M lists them, and both together do both") {
  CHECK(options_of({"-C"}).value().children == Children::summed);
  CHECK(options_of({"-M"}).value().children == Children::apart);
  CHECK(options_of({"-C", "-M"}).value().children == Children::summed_and_apart);
}

TEST_CASE("an interval is from 100 microseconds to a day") {
  CHECK(options_of({"--interval=100us"}).value().interval == 100us);
  CHECK(options_of({"--interval=1d"}).value().interval == 24h);
  for (const char* text : {"0", "99us", "-1", "25h", "x", "nan"}) {
    CAPTURE(text);
    CHECK(refused({std::string("--interval=") + text}).place == "--interval");
  }
}

TEST_CASE("mprof's names of metrics work, except tracemalloc") {
  CHECK(options_of({"--backend=psutil"}).value().metric == Metric::rss);
  CHECK(options_of({"--backend=posix"}).value().metric == Metric::rss);
  CHECK(options_of({"--backend=psutil_pss"}).value().metric == Metric::pss);
  CHECK(options_of({"--backend=psutil_uss"}).value().metric == Metric::uss);
  CHECK(refused({"--backend=tracemalloc"}).place == "--backend");
  CHECK(refused({"--backend=swap"}).place == "--backend");
}

TEST_CASE("additional metrics are listed once, without the main one") {
  const auto options = options_of({"--metrics=pss,swap,pss,rss"}).value();
  CHECK(options.metrics == std::vector{Metric::pss, Metric::swap});
  CHECK(refused({"--metrics=pss,heap"}).what == "'heap' is not a known metric");
}

TEST_CASE("a timeout of 0 means no limit, and a negative one is refused") {
  CHECK_FALSE(options_of({"--timeout=0"}).value().timeout.has_value());
  CHECK(refused({"--timeout=-1"}).place == "--timeout");
}

TEST_CASE("a size limit below 64 KiB is refused") {
  CHECK(options_of({"--max-size=64KiB"}).value().max_size == Bytes::from_kibibytes(64));
  CHECK(refused({"--max-size=63KiB"}).hint == "the minimum is 64KiB");
  CHECK(refused({"--max-size=much"}).place == "--max-size");
}

TEST_CASE("a name is expanded with the pid") {
  const auto options = options_of({"--output=x-%p.dat"}).value();
  CHECK(options.name(42, 0).value() == "x-42.dat");
  CHECK(options.name_attempts == 1);
}

TEST_CASE("a default name is another one at each attempt") {
  const auto options = options_of({}).value();
  CHECK(options.name_attempts > 1);
  const auto first = options.name(42, 0).value();
  const auto later = options.name(42, 60).value();
  CHECK(first.starts_with("mprofile_"));
  CHECK(first.ends_with(".dat"));
  CHECK(later != first);
}

TEST_CASE("a recording is sparse from 16 MiB on, from the start or never") {
  CHECK(options_of({}).value().sparse_from == Bytes::from_mebibytes(16));
  CHECK(options_of({"--sparse"}).value().sparse_from == Bytes{});
  CHECK(options_of({"--dense"}).value().sparse_from == std::nullopt);
  const auto less = options_of({"--min-change=64KiB"}).value();
  CHECK(less.sparse_from == Bytes{});
  CHECK(less.min_change == Bytes::from_kibibytes(64));
  CHECK(refused({"--dense", "--sparse"}).what == "cannot be combined with --sparse");
  CHECK(refused({"--dense", "--min-change=1"}).what == "cannot be combined with --min-change");
  CHECK(refused({"--min-change=much"}).place == "--min-change");
}

TEST_CASE("an interval that fills a disk is noted, unless -q or a size limit was given") {
  CHECK(notes_of({"--interval=1ms"}).find("grows by up to 2") != std::string::npos);
  CHECK(notes_of({"--interval=1ms", "--dense"}).find("grows by 2") != std::string::npos);
  CHECK(notes_of({"--interval=100ms"}).empty());
  CHECK(notes_of({"--interval=1ms", "--quiet"}).empty());
  CHECK(notes_of({"--interval=1ms", "--max-size=1GiB"}).empty());
}

TEST_CASE("-v prints all of the summary, and -q no hints") {
  CHECK(test::filled<RecordingOptions>({}).summary() == Summary::brief);
  CHECK(test::filled<RecordingOptions>({"-v"}).summary() == Summary::all);
  CHECK_FALSE(test::filled<RecordingOptions>({}).quiet());
  CHECK(test::filled<RecordingOptions>({"-q"}).quiet());
}

TEST_CASE("there is a log only with -v or --log") {
  CHECK_FALSE(test::filled<RecordingOptions>({}).open_log().value().has_value());
  const auto log = test::filled<RecordingOptions>({"--log=/dev/null/log"}).open_log();
  REQUIRE_FALSE(log.has_value());
}

TEST_CASE("a file that exists has a hint with the default name only if -o named it") {
  const record::NotRecorded taken{Cause::file, {Errc::exists, "x.dat", "already exists"}};
  const std::string usual = "-f overwrites it, -o FILE chooses another name";
  CHECK(test::filled<RecordingOptions>({}).explain(taken).hint == usual);
  const auto named = test::filled<RecordingOptions>({"--output=x.dat"}).explain(taken).hint;
  CHECK(named.starts_with(usual + "; without -o the name is mprofile_"));
}

TEST_CASE("a program that cannot be started keeps its own hint") {
  const record::NotRecorded missing{Cause::program_not_found,
                                    {Errc::not_found, "x", "no such program", "check the path"}};
  CHECK(test::filled<RecordingOptions>({"--output=x.dat"}).explain(missing).hint ==
        "check the path");
}
