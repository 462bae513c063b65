#include "options/recording_options.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "cli/hints.hpp"
#include "cli/layout.hpp"
#include "console/process_setup.hpp"
#include "mprofpp/base/host.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/store/names.hpp"
#include "summary/growth_message.hpp"

namespace mprofpp::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration shortest_interval = 100us;
constexpr Duration longest_interval = 24h;
/// A program of a million objects would stand still for a twentieth of the time.
constexpr Duration shortest_census_interval = 1s;
constexpr Duration usual_pause = 200ms;
constexpr Duration longest_pause = 1h;

/// Enough for a header and a few ticks of a large tree. With less, each tick would pass a multiple of it.
constexpr Bytes smallest_max_size = Bytes::from_kibibytes(64);

/// A default name is a time in seconds. If it is taken, the names of this many later seconds are tried.
constexpr int name_attempts = 3600;

Result<Duration> parse_interval(const std::string& text) {
  auto interval = parse_duration(text);
  if (!interval) {
    return fail(Errc::invalid_argument, "--interval", "'" + text + "' is not a valid time",
                "write 0.1, 50ms or 2s");
  }
  if (*interval >= shortest_interval && *interval <= longest_interval) return interval;
  return fail(Errc::invalid_argument, "--interval", "'" + text + "' is not between 100us and 1d",
              "the default is 0.1 seconds");
}

/// Prints how fast the recording grows if that could fill a disk. The estimate leaves out what -M adds,
/// because the number of descendants is not known yet.
void warn_of_growth(const record::Options& options, const Console& console) {
  constexpr double bytes_per_sample = 33;  // MEM 1234.567890 1795175000.790889
  constexpr Bytes worth_a_note(std::int64_t{1} << 30);
  const double ticks_per_day = to_seconds(24h) / to_seconds(options.interval);
  const Bytes per_day(static_cast<std::int64_t>(ticks_per_day * bytes_per_sample));
  if (per_day <= worth_a_note) return;
  const std::string most = options.sparse_from ? "up to " : "";
  console.note("at this interval the recording grows by " + most + readable(per_day) + " a day");
}

/// Parses the name of a metric, which may be mprof's.
Result<model::Metric> parse_backend(const std::string& name) {
  if (name == "rss" || name == "psutil" || name == "posix") return model::Metric::rss;
  if (name == "pss" || name == "psutil_pss") return model::Metric::pss;
  if (name == "uss" || name == "psutil_uss") return model::Metric::uss;
  if (name == "tracemalloc") {
    return fail(Errc::invalid_argument, "--backend",
                "tracemalloc counts only what Python allocates",
                "rss, pss and uss measure the whole process");
  }
  return fail(Errc::invalid_argument, "--backend", "'" + name + "' is not a known metric",
              "use rss, pss or uss");
}

/// Parses a list such as `pss,swap`. The result has each metric once and leaves out `main`, which is
/// recorded anyway.
Result<std::vector<model::Metric>> parse_metrics(std::string_view list, model::Metric main) {
  std::vector<model::Metric> metrics;
  while (!list.empty()) {
    const auto name = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), name.size() + 1));
    const auto metric = model::metric_of(name);
    if (!metric) {
      return fail(Errc::invalid_argument, "--metrics",
                  "'" + std::string(name) + "' is not a known metric",
                  "choose from rss, pss, uss, swap, vms, anon and file, separated by commas");
    }
    const bool is_new = std::find(metrics.begin(), metrics.end(), *metric) == metrics.end();
    if (*metric != main && is_new) metrics.push_back(*metric);
  }
  return metrics;
}

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// Returns mprof's name for a recording that starts now. A later attempt gets the name of a later second,
/// because the earlier name is taken.
std::string default_name(int attempt) {
  const std::time_t now = std::time(nullptr) + attempt;
  std::tm local{};
  ::localtime_r(&now, &local);
  return store::default_name(local);
}

std::string free_default_name() {
  for (int attempt = 0;; ++attempt) {
    auto name = default_name(attempt);
    std::error_code ignored;
    if (attempt == name_attempts || !std::filesystem::exists(name, ignored)) return name;
  }
}

}  // namespace

/// A load test always records all processes and all samples.
void RecordingOptions::bind_for_service(CLI::App& app) {
  interval_ = "0.02";
  include_children_ = true;
  multiprocess_ = true;
  dense_ = true;
  app.add_option("-T,--interval", interval_,
                 "time between samples, in seconds or with a unit:\n"
                 "0.5, 50ms, 2s (default: 20ms)")
      ->type_name("TIME");
  app.add_option("--backend", backend_,
                 "which memory to record: rss (default), pss (shared\n"
                 "pages are split among their users) or uss (private\n"
                 "pages only)")
      ->type_name("METRIC");
  app.add_option("-o,--output", output_,
                 "the recording, as for mprofpp run\n"
                 "(default: mprofile_<date and time>.dat)")
      ->type_name("FILE");
  app.add_flag("-f,--force", force_, "overwrite FILE if it exists");
  app.add_flag("-q,--quiet", quiet_, "print the result and errors only, no progress");
  app.add_flag("-v,--verbose", verbosity_, "also print what the service and the loads print");
}

/// Declares the options that are about the recording as a file.
void RecordingOptions::bind_file(CLI::App& app, Recorded recorded) {
  const bool is_program = recorded == Recorded::program;
  app.add_option("-o,--output", output_,
                 is_program ? "the recording; %p in the name is the pid, %h the host\n"
                              "and %q{VAR} an environment variable; - is stdout, and\n"
                              "the program's own output then goes to stderr\n"
                              "(default: mprofile_<date and time>.dat)"
                            : "the recording; %p in the name is the pid, %h the host\n"
                              "and %q{VAR} an environment variable; - is stdout\n"
                              "(default: mprofile_<date and time>.dat)")
      ->type_name("FILE");
  app.add_flag("-f,--force", force_, "overwrite FILE if it exists");
  app.add_option("--max-size", max_size_,
                 "each time the file grows by another SIZE (e.g.\n"
                 "200MiB), sample ten times less often; recording never\n"
                 "stops")
      ->type_name("SIZE");
  app.add_flag("--sparse", sparse_,
               "leave out samples that repeat the ones before, from\n"
               "the start; by default, once the file has 16 MiB");
  app.add_flag("--dense", dense_, "write every sample, however large the file becomes");
  app.add_option("--min-change", min_change_,
                 "like --sparse, and also leave out changes of up to\n"
                 "SIZE (e.g. 64KiB) for up to 10 s; a new peak is\n"
                 "always written, so growth is not thinned")
      ->type_name("SIZE");
}

void RecordingOptions::bind(CLI::App& app, Recorded recorded) {
  if (recorded == Recorded::service) return bind_for_service(app);
  const bool is_program = recorded == Recorded::program;
  const auto flag = [&](const char* names, bool& value, const char* text) {
    app.add_flag(names, value, text);
  };
  app.add_option("-T,--interval", interval_,
                 "time between samples, in seconds or with a unit:\n"
                 "0.5, 50ms, 2s (default: 0.1)")
      ->type_name("TIME");
  flag("-C,--include-children", include_children_,
       "add the memory of all descendants to the total");
  flag("-M,--multiprocess", multiprocess_, "record each descendant as a separate curve");
  flag("--span-titles", span_titles_,
       "record the titles that processes give themselves as\n"
       "spans");
  app.add_option("-t,--timeout", timeout_,
                 is_program ? "stop recording after TIME (e.g. 90s); the program\n"
                              "keeps running (default: 0, no limit)"
                            : "stop recording after TIME (e.g. 90s); they keep\n"
                              "running (default: 0, no limit)")
      ->type_name("TIME");
  app.add_option("--backend", backend_,
                 "which memory to record: rss (default), pss (shared\n"
                 "pages are split among their users) or uss (private\n"
                 "pages only); mprof's names for these work too")
      ->type_name("METRIC");
  app.add_option("--metrics", metrics_,
                 "also record these metrics, as often as time allows:\n"
                 "pss, uss, rss, swap, vms, anon, file, separated by\n"
                 "commas")
      ->type_name("LIST");
  app.add_option("--objects", objects_,
                 is_program ? "count the objects of each Python process by type every\n"
                              "TIME (e.g. 30s), and after each mark of mprofpp mark"
                            : "enter these programs every TIME (e.g. 30s), and after\n"
                              "each mark of mprofpp mark, to count their objects by\n"
                              "type")
      ->type_name("TIME");
  app.add_option("--max-pause", max_pause_,
                 "with --objects: do not count if that would stop the\n"
                 "program for longer than TIME (default: 200ms)")
      ->type_name("TIME");
  bind_file(app, recorded);
  flag("--watch-leak", watch_leak_,
       "judge each minute what was recorded so far, as\n"
       "mprofpp leak does; a leak is printed, and a mark in\n"
       "the recording");
  flag("-q,--quiet", quiet_, "print errors only: no summary, no hints");
  app.add_flag("-v,--verbose", verbosity_, "print what mprofpp does; -vv prints more");
  app.add_option("--log", log_, "write a detailed log to FILE")->type_name("FILE");
}

Result<record::Options> RecordingOptions::make(const Console& console) const {
  const auto interval = parse_interval(interval_);
  if (!interval) return Failure(interval.error());
  const auto metric = parse_backend(backend_);
  if (!metric) return Failure(metric.error());
  auto metrics = parse_metrics(metrics_, *metric);
  if (!metrics) return Failure(metrics.error());
  const auto limit = timeout();
  if (!limit) return Failure(limit.error());
  const auto size = max_size();
  if (!size) return Failure(size.error());

  const auto how_dense = density();
  if (!how_dense) return Failure(how_dense.error());

  auto objects = object_options();
  if (!objects) return Failure(objects.error());

  record::Options options;
  options.objects = std::move(*objects);
  options.sparse_from = how_dense->sparse_from;
  options.min_change = how_dense->min_change;
  options.metric = *metric;
  options.metrics = std::move(*metrics);
  options.children = children();
  options.interval = *interval;
  options.max_size = *size;
  if (!quiet_ && !*size) warn_of_growth(options, console);
  if (span_titles_) options.titles = record::Titles::recorded;
  options.timeout = *limit;
  options.version = MPROFPP_VERSION;
  options.overwrite = force_ ? store::Overwrite::yes : store::Overwrite::no;
  options.name_attempts = output_.empty() ? name_attempts : 1;
  if (output_ == "-") {
    const auto recording = hand_over_stdout();
    if (!recording) return Failure(recording.error());
    options.descriptor = *recording;
  }
  options.name = [output = output_](pid_t pid, int attempt) -> Result<std::string> {
    if (output.empty()) return default_name(attempt);
    if (output == "-") return std::string("standard output");
    return store::expand_name(output, {std::to_string(pid), host_name(), environment_variable});
  };
  return options;
}

Result<std::optional<log::Sink>> RecordingOptions::open_log() const {
  if (verbosity_ == 0 && log_.empty()) return std::nullopt;
  const auto level = verbosity_ == 0   ? log::Level::warning
                     : verbosity_ == 1 ? log::Level::info
                                       : log::Level::debug;
  auto sink = log::Sink::open({.console = level, .file = log_});
  if (!sink) return Failure(std::move(sink.error()));
  return std::optional<log::Sink>(std::move(*sink));
}

Error RecordingOptions::explain(const record::NotRecorded& failure) const {
  if (failure.cause != record::NotRecorded::Cause::file) return failure.error;
  auto error = with_hint(Task::create_recording, failure.error);
  const bool is_taken = error.code == Errc::exists || error.code == Errc::busy;
  if (is_taken && !output_.empty()) {
    error.hint += "; without -o the name is " + free_default_name();
  }
  return error;
}

std::vector<model::Sink*> RecordingOptions::sinks(LeakWatch& watch) const {
  if (watch_leak_) return {&watch};
  return {};
}

std::string RecordingOptions::growth(const record::Outcome& outcome, LeakWatch& watch) const {
  if (!watch_leak_) return growth_in_file(outcome);
  return outcome.duration < least_judged_length ? "" : growth_message(watch.report(), outcome);
}

model::Children RecordingOptions::children() const {
  using model::Children;
  if (include_children_) return multiprocess_ ? Children::summed_and_apart : Children::summed;
  return multiprocess_ ? Children::apart : Children::left_out;
}

Result<std::optional<Bytes>> RecordingOptions::max_size() const {
  if (max_size_.empty()) return std::nullopt;
  const auto size = parse_size(max_size_);
  if (!size) {
    return fail(Errc::invalid_argument, "--max-size", "'" + max_size_ + "' is not a valid size",
                size.error().hint);
  }
  if (*size >= smallest_max_size) return std::optional(*size);
  return fail(Errc::invalid_argument, "--max-size", "'" + max_size_ + "' is too small",
              "the minimum is 64KiB");
}

/// Parses --objects and --max-pause.
Result<std::optional<record::ObjectOptions>> RecordingOptions::object_options() const {
  if (objects_.empty() && !max_pause_.empty())
    return fail(Errc::invalid_argument, "--max-pause", "needs --objects", "--objects 30s");
  if (objects_.empty()) return std::nullopt;
  const auto interval = parse_duration(objects_);
  if (!interval || *interval < shortest_census_interval || *interval > longest_interval) {
    return fail(Errc::invalid_argument, "--objects", "'" + objects_ + "' is not a valid time",
                "write 30s or 5m; 1s is the shortest");
  }
  const auto pause = max_pause_.empty() ? usual_pause : parse_duration(max_pause_);
  if (!pause || *pause <= Duration::zero() || *pause > longest_pause) {
    return fail(Errc::invalid_argument, "--max-pause", "'" + max_pause_ + "' is not a valid time",
                "write 200ms or 2s");
  }
  return record::ObjectOptions{*interval, *pause, find_layout().attached_agent};
}

/// Parses --sparse, --dense and --min-change.
Result<RecordingOptions::Density> RecordingOptions::density() const {
  Density density;
  if (dense_ && (sparse_ || !min_change_.empty())) {
    return fail(Errc::invalid_argument, "--dense",
                std::string("cannot be combined with ") + (sparse_ ? "--sparse" : "--min-change"),
                "a dense recording has every sample");
  }
  if (dense_) density.sparse_from = std::nullopt;
  if (sparse_ || !min_change_.empty()) density.sparse_from = Bytes{};
  if (min_change_.empty()) return density;
  const auto size = parse_size(min_change_);
  if (!size) {
    return fail(Errc::invalid_argument, "--min-change", "'" + min_change_ + "' is not a valid size",
                "write 64KiB, 1MiB or 0");
  }
  density.min_change = *size;
  return density;
}

/// Parses --timeout; 0 means no limit.
Result<std::optional<Duration>> RecordingOptions::timeout() const {
  if (timeout_.empty()) return std::nullopt;
  const auto length = parse_duration(timeout_);
  if (!length || *length < Duration::zero()) {
    return fail(Errc::invalid_argument, "--timeout", "'" + timeout_ + "' is not a valid time",
                "write 1.5, 90s or 2h; 0 means no limit");
  }
  if (*length == Duration::zero()) return std::nullopt;
  return std::optional(*length);
}

}  // namespace mprofpp::app
